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

void main() {
    vec3 pixel = texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb;
    vec2 place = gl_FragCoord.xy / vec2(textureSize(image, 0));
    // The tables' first and last steps are the middles of their outer texels.
    float steps = float(textureSize(lut, 0).x);
    vec3 dyed = in_bytes(texture(lut, (pixel * (steps - 1.0) + 0.5) / steps).rgb);
    steps = float(textureSize(second_lut, 0).x);
    vec3 second = in_bytes(texture(second_lut, (pixel * (steps - 1.0) + 0.5) / steps).rgb);
    dyed = in_bytes(mix(dyed, second, texture(share, place).r));
    dyed = in_bytes(dyed * mix(vec3(1.0), darkest, texture(shadow, place).r));
    color = vec4(mix(pixel, dyed, texture(mask, place).r), 1.0);
}
