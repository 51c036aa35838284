#version 300 es
// A rectangle of the picture, drawn as a strip of two triangles.

// Left, top, right and bottom in parts of the picture's sides.
in vec4 part;

void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    gl_Position = vec4(2.0 * mix(part.xy, part.zw, corner) - 1.0, 0.0, 1.0);
}
