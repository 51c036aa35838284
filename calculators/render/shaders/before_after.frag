#version 300 es
// One picture on the left, another on the right, a line between.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

// Of one size, as the picture that is drawn.
uniform sampler2D before;
uniform sampler2D after;
// The line's first column, and the first one behind it.
uniform ivec2 line;
uniform vec3 line_color;

out vec4 color;

void main() {
    ivec2 place = ivec2(gl_FragCoord.xy);
    vec3 pixel = line_color;
    if (place.x < line.x) {
        pixel = texelFetch(before, place, 0).rgb;
    } else if (place.x >= line.y) {
        pixel = texelFetch(after, place, 0).rgb;
    }
    color = vec4(pixel, 1.0);
}
