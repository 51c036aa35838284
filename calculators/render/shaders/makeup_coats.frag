#version 300 es
// Lays coats of make-up on skin, lids or lips, in OKLab: their colour changes, their shading and texture stay.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

// What is painted.
const int LIDS = 1;
const int LIPS = 2;
const int MOST_COATS = 5;

uniform sampler2D image;
// Of the part that is painted, in the frame; what lies there, and how many rows it has.
uniform ivec2 origin;
uniform int part;
uniform int rows;
// How opaque the make-up is, by pixel of the part.
uniform sampler2D mask;
// What else is known of its pixels, in tiles of the part's size, one below the other.
// Lids: a tile for two coats, share and gleam of each. Lips: a tile of the lips' own highlights, of wet and of broad
// gleam; then one of shares and grain.
uniform sampler2D maps;
// Linear light by sRGB value, and sRGB values by the root of linear light, row by row; so many steps go to 1.
uniform sampler2D linear;
uniform sampler2D srgb;
uniform float roots;
uniform mat3 lms_from_rgb;
uniform mat3 lab_from_lms;
uniform mat3 lms_from_lab;
uniform mat3 rgb_from_lms;
// What is painted as a whole, OKLab, and the lightness of white in its light.
uniform vec3 bare;
uniform float white;
// The coats: how many, their colours in OKLab, how much of the contrast below them they keep.
uniform int count;
uniform vec3 colors[MOST_COATS];
uniform float contrasts[MOST_COATS];
// On lips, the strength of their own highlights, of wet and of broad gleam.
uniform vec3 gleams[MOST_COATS];
// The part of differences of colour that shows through; how fast paint gets lighter where skin is; how far chroma
// follows.
uniform float own;
uniform float highlights;
uniform float most_chroma;

out vec4 color;

vec3 lab_from_bytes(ivec3 bytes) {
    vec3 light = vec3(
        texelFetch(linear, ivec2(bytes.r, 0), 0).r,
        texelFetch(linear, ivec2(bytes.g, 0), 0).r,
        texelFetch(linear, ivec2(bytes.b, 0), 0).r
    );
    vec3 cones = lms_from_rgb * light;
    // A driver's pow may be coarse: one of Newton's steps makes up for it.
    vec3 root = pow(max(cones, 1e-9), vec3(1.0 / 3.0));
    root -= (root * root * root - cones) / (3.0 * root * root);
    return lab_from_lms * root;
}

// One of sRGB's values, in [0, 255].
float value_from_light(float light) {
    ivec2 size = textureSize(srgb, 0);
    int index = min(int(sqrt(max(light, 0.0)) * roots), size.x * size.y - 1);
    return texelFetch(srgb, ivec2(index % size.x, index / size.x), 0).r;
}

vec3 values_from_lab(vec3 lab) {
    vec3 root = lms_from_lab * lab;
    vec3 light = rgb_from_lms * (root * root * root);
    return vec3(value_from_light(light.r), value_from_light(light.g), value_from_light(light.b));
}

// How light a place is, in parts of what is painted as a whole.
float lit(vec3 lab) {
    return lab.x / max(bare.x, 0.05);
}

// What opaque paint makes of a pixel.
vec3 painted_over(vec3 lab, int coat) {
    float light = lit(vec3(max(lab.x, 1e-3), lab.yz));
    light = min(light, highlights * light + 1.0 - highlights);
    if (contrasts[coat] != 1.0) {
        light = pow(light, contrasts[coat]);
    }
    vec2 tint = own * (lab.yz - bare.yz) + min(light, most_chroma) * colors[coat].yz;
    return vec3(min(light * colors[coat].x, 1.0), tint);
}

// A number for each of the coats 0 to 3 in the tile of a pixel, or two for each of a pair of them.
vec4 tile(ivec2 place, int number) {
    return texelFetch(maps, place + ivec2(0, rows * number), 0);
}

vec3 on_lids(vec3 lab, ivec2 place) {
    vec3 painted = lab;
    float bright = min(lit(lab), 1.2);
    for (int coat = 0; coat < count; coat++) {
        vec4 pair = tile(place, coat / 2);
        vec2 here = coat % 2 == 0 ? pair.xy : pair.zw;
        vec3 paint = painted_over(lab, coat);
        paint.x += here.y * bright;
        painted += here.x * (paint - painted);
    }
    return painted;
}

vec3 on_lips(vec3 lab, ivec2 place) {
    vec4 light = tile(place, 0);
    vec4 pair = tile(place, 1);
    vec3 dull = vec3(lab.x - light.x, lab.yz);
    float crease = min(lit(dull), 1.3);
    crease *= crease;
    crease *= crease;
    vec3 painted = lab;
    for (int coat = 0; coat < count; coat++) {
        vec2 here = coat == 0 ? pair.xy : pair.zw;
        vec3 paint = painted_over(dull, coat);
        float sheen = gleams[coat].z * light.z * crease + here.y;
        paint.x += sheen * (0.3 + 0.7 * paint.x);
        float gleam = gleams[coat].x * light.x + gleams[coat].y * light.y * crease;
        gleam = min(gleam, max(white - paint.x, 0.0));
        // Highlights of a clear surface are white.
        paint.yz *= 1.0 - gleam / max(paint.x + gleam, 1e-3);
        paint.x += gleam;
        painted += here.x * (paint - lab);
    }
    return painted;
}

void main() {
    ivec2 place = ivec2(gl_FragCoord.xy) - origin;
    vec3 before = round(255.0 * texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb);
    vec3 lab = lab_from_bytes(ivec3(before));
    if (part == LIDS) {
        lab = on_lids(lab, place);
    } else if (part == LIPS) {
        lab = on_lips(lab, place);
    } else {
        lab = painted_over(lab, 0);
    }
    vec3 after = mix(before, values_from_lab(lab), texelFetch(mask, place, 0).r);
    color = vec4(roundEven(after) / 255.0, 1.0);
}
