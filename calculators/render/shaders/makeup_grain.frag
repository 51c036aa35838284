#version 300 es
// Adds light to a part of a frame: the same to red, green and blue.

precision highp float;
// Whole numbers are mediump by themselves in ES, and so is what is reckoned with them.
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

uniform sampler2D image;
// Of the part, in the frame.
uniform ivec2 origin;
// How many sRGB values are added, by pixel of the part.
uniform sampler2D grain;

out vec4 color;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    color = vec4(texelFetch(image, at, 0).rgb + texelFetch(grain, at - origin, 0).r / 255.0, 1.0);
}
