#version 300 es
// How bright a frame is under a mask, block by block: a texel of the picture that is drawn for a block of the mask.

precision highp float;
precision highp int;
// Samplers are lowp by themselves in ES: a driver may then read half floats.
precision highp sampler2D;

// The frame, any size.
uniform sampler2D image;
// Any size; a block has at most 250 pixels, so that sums stay exact.
uniform sampler2D mask;
// How many blocks there are: the size of the picture that is drawn.
uniform ivec2 blocks;
// What red, green and blue give to the grey level; together 1.
uniform vec3 weights;

// Red and green: 256ths and 65536ths of the mean grey level under the mask. Blue: by how much the mask is above
// one half, from 0 to 1, on average. Alpha: the grey level at the block's corner, whatever the mask.
out vec4 color;

// The grey level, 0 to 255, of the pixel of the frame that is the nearest to one of a smaller picture.
float grey(ivec2 place, ivec2 size) {
    vec3 pixel = texelFetch(image, place * textureSize(image, 0) / size, 0).rgb;
    return floor(dot(round(255.0 * pixel), weights) + 0.5);
}

void main() {
    ivec2 block = ivec2(gl_FragCoord.xy);
    ivec2 size = textureSize(mask, 0);
    ivec2 first = block * size / blocks;
    ivec2 end = (block + 1) * size / blocks;
    float total = 0.0;
    float sum = 0.0;
    for (int y = first.y; y < end.y; y++) {
        for (int x = first.x; x < end.x; x++) {
            float above = max(2.0 * round(255.0 * texelFetch(mask, ivec2(x, y), 0).r) - 255.0, 0.0);
            if (above > 0.0) {
                total += above;
                sum += above * grey(ivec2(x, y), size);
            }
        }
    }
    float level = total > 0.0 ? round(257.0 * sum / total) : 0.0;
    float high = floor(level / 256.0);
    ivec2 area = end - first;
    float share = total / float(area.x * area.y);
    color = vec4(high, level - 256.0 * high, share, grey(block, blocks)) / 255.0;
}
