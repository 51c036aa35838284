#version 300 es
// Recolours what a mask covers with two colour tables, and darkens a part of it.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;
precision highp sampler3D;

// The frame; the picture that is drawn has its size.
uniform sampler2D image;
// 0 keeps a pixel, 1 recolours it fully; any size, as the two below.
uniform sampler2D mask;
// sRGB colours by red, green and blue.
uniform sampler3D lut;
uniform sampler3D second_lut;
// 0 is the first table, 1 the second.
uniform sampler2D share;
// 0 leaves the new colours, 1 leaves `darkest` of them.
uniform sampler2D shadow;
uniform vec3 darkest;

out vec4 color;

// The CPU has new colours in bytes after each step.
vec3 in_bytes(vec3 values) {
    return floor(255.0 * values + 0.5) / 255.0;
}

// Between the four nearest bytes of a map, in bytes again. A driver's own interpolation takes few steps.
float between(sampler2D map, vec2 place) {
    ivec2 last = textureSize(map, 0) - 1;
    vec2 at = place * vec2(last + 1) - 0.5;
    ivec2 low = max(ivec2(floor(at)), 0);
    ivec2 high = min(ivec2(floor(at)) + 1, last);
    vec2 part = fract(at);
    float above = mix(texelFetch(map, low, 0).r, texelFetch(map, ivec2(high.x, low.y), 0).r, part.x);
    float below = mix(texelFetch(map, ivec2(low.x, high.y), 0).r, texelFetch(map, high, 0).r, part.x);
    return in_bytes(vec3(mix(above, below, part.y))).r;
}

// What a table has for a colour. Its first and last steps are the middles of its outer texels.
vec3 looked_up(sampler3D table, vec3 pixel) {
    float steps = float(textureSize(table, 0).x);
    vec3 at = pixel * (steps - 1.0);
    // The CPU tells 32 places between two steps of red and of green, of which it has 32 or more.
    float places = 32.0 * ceil(32.0 / (steps - 1.0));
    at.rg = floor(at.rg * places + 0.5) / places;
    return texture(table, (at + 0.5) / steps).rgb;
}

void main() {
    vec3 pixel = texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb;
    vec2 place = gl_FragCoord.xy / vec2(textureSize(image, 0));
    vec3 dyed = in_bytes(looked_up(lut, pixel));
    vec3 second = in_bytes(looked_up(second_lut, pixel));
    dyed = in_bytes(mix(dyed, second, between(share, place)));
    dyed = in_bytes(dyed * mix(vec3(1.0), darkest, between(shadow, place)));
    color = vec4(mix(pixel, dyed, texture(mask, place).r), 1.0);
}
