#version 300 es
// A mask of the frame's size from the frame's brightness: slope * brightness + offset, in [0, 1].

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

// The frame; the mask that is drawn has its size.
uniform sampler2D image;
// By grey level of 0 to 255; any size. A texel of both holds the four numbers around a corner.
uniform sampler2D slope;
uniform sampler2D offset;
// What red, green and blue give to the grey level; together 1.
uniform vec3 weights;

out vec4 color;

// Between the four nearest numbers of a map.
float between(sampler2D map, vec2 place) {
    vec2 at = place * vec2(textureSize(map, 0) - 1) + 0.5;
    vec4 corner = texelFetch(map, ivec2(at), 0);
    vec2 part = fract(at);
    vec2 rows = mix(corner.xz, corner.yw, part.x);
    return mix(rows.x, rows.y, part.y);
}

void main() {
    vec2 place = gl_FragCoord.xy / vec2(textureSize(image, 0));
    vec3 pixel = texelFetch(image, ivec2(gl_FragCoord.xy), 0).rgb;
    float grey = floor(dot(round(255.0 * pixel), weights) + 0.5);
    color = vec4(between(slope, place) * grey + between(offset, place), 0.0, 0.0, 1.0);
}
