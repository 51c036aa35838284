#version 300 es
// Paints a coat of polish on a nail, to be laid over the frame: alpha is the nail's mask.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

uniform sampler2D image;
// Of the nail's mask in the frame.
uniform ivec2 origin;
// By pixel of the nail: its mask, from 0 at its outline to 1 further inside, the light, its own highlights.
uniform sampler2D light;
// Where a pixel of the nail lies on the pictures below, a row for each, in 1024ths of their pixels: what its column
// (red, green) and what its row (blue, alpha) give to it.
uniform sampler2D steps;
// The coat: its colour as far as it covers and how far that is, and its highlights.
uniform sampler2D body;
uniform sampler2D gleam;
// Two kinds of particles: what each covers and the two parts of its mirror, and how many lie where.
uniform sampler2D field;
uniform sampler2D spread;
uniform sampler2D second_field;
uniform sampler2D second_spread;
// Their colours; how bright they are without light, from which light on they show it, its strength.
uniform vec3 flake_color;
uniform vec3 second_flake_color;
uniform vec3 flake;
uniform vec3 second_flake;
// Which mirrors face the light.
uniform vec2 turn;
// The light of the scene.
uniform vec3 scene;
// How much darker a coat is at its border, and how much less so where it is light.
uniform float thickness;
uniform float bleed;

out vec4 color;

// Between the four nearest pixels, in 32nds of a pixel, as OpenCV does it on the CPU.
vec4 sampled(sampler2D picture, int row, bool wraps, ivec2 place) {
    vec2 columns = texelFetch(steps, ivec2(place.x, row), 0).rg;
    vec2 rows = texelFetch(steps, ivec2(place.y, row), 0).ba;
    ivec2 at = (ivec2(columns) + ivec2(rows)) >> 5;
    vec2 part = vec2(at & 31) / 32.0;
    ivec2 size = textureSize(picture, 0);
    ivec2 low = at >> 5;
    ivec2 high = low + 1;
    if (wraps) {
        low -= size * ivec2(floor(vec2(low) / vec2(size)));
        high -= size * ivec2(floor(vec2(high) / vec2(size)));
    } else {
        low = clamp(low, ivec2(0), size - 1);
        high = clamp(high, ivec2(0), size - 1);
    }
    vec4 above = mix(texelFetch(picture, low, 0), texelFetch(picture, ivec2(high.x, low.y), 0), part.x);
    vec4 below = mix(texelFetch(picture, ivec2(low.x, high.y), 0), texelFetch(picture, high, 0), part.x);
    return mix(above, below, part.y);
}

// Strews particles into paint and highlights.
void strew(vec3 particles, float many, vec3 tint, vec3 kind, inout vec3 paint, inout vec3 shining) {
    shining += kind.z * many * max(dot(particles.yz, turn) - kind.y, 0.0) * tint;
    if (kind.x > 0.0) {
        paint = mix(paint, kind.x * tint, particles.x * many);
    }
}

void main() {
    ivec2 place = ivec2(gl_FragCoord.xy) - origin;
    vec4 nail = texelFetch(light, place, 0);
    vec4 coat = sampled(body, 0, false, place);
    vec3 paint = coat.rgb;
    vec3 shining = sampled(gleam, 1, false, place).rgb;
    vec3 particles = sampled(field, 2, true, place).rgb;
    strew(particles, sampled(spread, 3, false, place).r, flake_color, flake, paint, shining);
    particles = sampled(second_field, 4, true, place).rgb;
    strew(particles, sampled(second_spread, 5, false, place).r, second_flake_color, second_flake, paint, shining);
    paint *= 1.0 - thickness * (1.0 - nail.y) * (1.0 - bleed * paint);
    paint = (paint + nail.y * shining) * nail.z * scene + nail.w * coat.a;
    vec3 bare = texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb;
    paint += bare * bare * (1.0 - coat.a);
    color = vec4(sqrt(min(paint, 1.0)), nail.x);
}
