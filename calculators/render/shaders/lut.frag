#version 300 es
// Recolours what a mask covers with a colour table.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;
precision highp sampler3D;

// The frame; the picture that is drawn has its size.
uniform sampler2D image;
// 0 keeps a pixel, 1 recolours it fully; any size.
uniform sampler2D mask;
// sRGB colours by red, green and blue.
uniform sampler3D lut;

out vec4 color;

void main() {
    vec3 pixel = texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb;
    vec2 place = gl_FragCoord.xy / vec2(textureSize(image, 0));
    // The table's first and last steps are the middles of its outer texels.
    float steps = float(textureSize(lut, 0).x);
    vec3 dyed = texture(lut, (pixel * (steps - 1.0) + 0.5) / steps).rgb;
    // The CPU has the new colours in bytes before it lays them over the old ones.
    dyed = floor(255.0 * dyed + 0.5) / 255.0;
    color = vec4(mix(pixel, dyed, texture(mask, place).r), 1.0);
}
