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
    vec3 dyed = looked_up(lut, pixel);
    // The CPU has the new colours in bytes before it lays them over the old ones.
    dyed = floor(255.0 * dyed + 0.5) / 255.0;
    color = vec4(mix(pixel, dyed, texture(mask, place).r), 1.0);
}
