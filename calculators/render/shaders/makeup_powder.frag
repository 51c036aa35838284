#version 300 es
// Makes a part of a frame lighter and darker: its sRGB values are multiplied.

precision highp float;
// Whole numbers are mediump by themselves in ES, and so is what is reckoned with them.
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

uniform sampler2D image;
// The part, in the frame: its first pixel and its size.
uniform ivec2 origin;
uniform vec2 size;
// What values are multiplied by, a small picture, and its size in the texture's corner.
uniform sampler2D gain;
uniform ivec2 small;
// Keeps the change of nearly black pixels within bounds, in sRGB values.
uniform float least;

out vec4 color;

void main() {
    ivec2 place = ivec2(gl_FragCoord.xy) - origin;
    // Between the four nearest pixels; beyond the border the last go on.
    vec2 at = clamp((vec2(place) + 0.5) * vec2(small) / size - 0.5, vec2(0.0), vec2(small - 1));
    ivec2 low = ivec2(at);
    ivec2 high = min(low + 1, small - 1);
    vec2 part = fract(at);
    vec3 above = mix(texelFetch(gain, low, 0).rgb, texelFetch(gain, ivec2(high.x, low.y), 0).rgb, part.x);
    vec3 below = mix(texelFetch(gain, ivec2(low.x, high.y), 0).rgb, texelFetch(gain, high, 0).rgb, part.x);
    vec3 before = round(255.0 * texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb);
    vec3 after = abs((before + least) * mix(above, below, part.y) - least);
    color = vec4(roundEven(after) / 255.0, 1.0);
}
