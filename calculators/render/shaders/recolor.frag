#version 300 es
// Paints what a mask covers with one colour.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

// The frame; the picture that is drawn has its size.
uniform sampler2D image;
// Any size.
uniform sampler2D mask;
// From 0, stays, to 1, is painted: of a mask of 0 and of a mask of 1.
uniform vec2 shares;
uniform vec3 paint;
// How much the brightness of a pixel counts, 0 or 1, and what red, green and blue give to its grey level.
uniform float keeps_dark;
uniform vec3 weights;

out vec4 color;

void main() {
    vec3 pixel = texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb;
    float level = texture(mask, gl_FragCoord.xy / vec2(textureSize(image, 0))).r;
    float grey = floor(dot(round(255.0 * pixel), weights) + 0.5) / 255.0;
    float share = mix(shares.x, shares.y, level) * mix(1.0, grey, keeps_dark);
    color = vec4(mix(pixel, paint, share), 1.0);
}
