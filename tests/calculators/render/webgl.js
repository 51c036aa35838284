// Compiles shaders and repeats recorded draws in WebGL 2; what came of it becomes the page's text.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const text = (pixels) => btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join(""));

// By what moderngl calls them.
const FORMATS = {
  f1: { sized: ["R8", "RG8", "RGB8", "RGBA8"], type: "UNSIGNED_BYTE", array: Uint8Array },
  f2: { sized: ["R16F", "RG16F", "RGB16F", "RGBA16F"], type: "HALF_FLOAT", array: Uint16Array },
  f4: { sized: ["R32F", "RG32F", "RGB32F", "RGBA32F"], type: "FLOAT", array: Float32Array },
};
const CHANNELS = ["RED", "RG", "RGB", "RGBA"];

function compile(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
      throw new Error(gl.getShaderInfoLog(shader) || "refused without a message");
    }
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(gl.getProgramInfoLog(program) || "not linked, without a message");
  }
  return program;
}

function makeTexture(gl, given) {
  const { size, components, dtype, linear, repeat, data } = given;
  const { sized, type, array } = FORMATS[dtype];
  const kind = size.length === 3 ? gl.TEXTURE_3D : gl.TEXTURE_2D;
  const texture = gl.createTexture();
  gl.bindTexture(kind, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const format = [gl[CHANNELS[components - 1]], gl[type], new array(bytes(data).buffer)];
  const load = size.length === 3 ? "texImage3D" : "texImage2D";
  gl[load](kind, 0, gl[sized[components - 1]], ...size, 0, ...format);
  for (const side of ["TEXTURE_MIN_FILTER", "TEXTURE_MAG_FILTER"]) {
    gl.texParameteri(kind, gl[side], linear ? gl.LINEAR : gl.NEAREST);
  }
  for (const side of ["TEXTURE_WRAP_S", "TEXTURE_WRAP_T", "TEXTURE_WRAP_R"]) {
    gl.texParameteri(kind, gl[side], repeat ? gl.REPEAT : gl.CLAMP_TO_EDGE);
  }
  return { kind, texture, size, given };
}

function drawInto(gl, { texture, size }) {
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  gl.viewport(0, 0, ...size);
}

function copyTexture(gl, source) {
  const copy = makeTexture(gl, source.given);
  drawInto(gl, source);
  gl.copyTexSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 0, 0, ...source.size);
  return copy;
}

function setUniform(gl, program, index, value) {
  const { name, type } = gl.getActiveUniform(program, index);
  const place = gl.getUniformLocation(program, name);
  const numbers = [value].flat(Infinity);
  const setters = {
    FLOAT: "1fv", FLOAT_VEC2: "2fv", FLOAT_VEC3: "3fv", FLOAT_VEC4: "4fv",
    INT: "1iv", INT_VEC2: "2iv", INT_VEC3: "3iv", INT_VEC4: "4iv", BOOL: "1iv",
    FLOAT_MAT2: "Matrix2fv", FLOAT_MAT3: "Matrix3fv", FLOAT_MAT4: "Matrix4fv",
  };
  const kind = Object.keys(setters).find((kind) => gl[kind] === type);
  if (!kind) {
    throw new Error(`the uniform ${name} is of a type that webgl.js does not set`);
  }
  const set = `uniform${setters[kind]}`;
  gl[set](place, ...(set.includes("Matrix") ? [false, numbers] : [numbers]));
}

// Repeats one draw; `targets` holds what earlier ones drew into.
function draw(gl, program, targets, { target, before, parts, over, values }) {
  if (before) {
    targets[target] = before.size ? makeTexture(gl, before) : copyTexture(gl, targets[before.drawn]);
  }
  drawInto(gl, targets[target]);
  gl.useProgram(program);
  let unit = 0;
  for (let index = 0; index < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); index++) {
    const name = gl.getActiveUniform(program, index).name.replace("[0]", "");
    if (!(name in values)) {
      throw new Error(`the uniform ${name} was not given`);
    }
    const value = values[name];
    if (value.size || "drawn" in Object(value)) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      const given = value.size ? makeTexture(gl, value) : targets[value.drawn];
      gl.bindTexture(given.kind, given.texture);
      gl.uniform1i(gl.getUniformLocation(program, name), unit++);
    } else {
      setUniform(gl, program, index, value);
    }
  }
  const numbers = new Float32Array(bytes(parts).buffer);
  const part = gl.getAttribLocation(program, "part");
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, numbers, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(part);
  gl.vertexAttribPointer(part, 4, gl.FLOAT, false, 0, 0);
  gl.vertexAttribDivisor(part, 1);
  gl[over ? "enable" : "disable"](gl.BLEND);
  gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, numbers.length / 4);
}

// The pixels that a scene's last draw leaves, RGBA.
function drawScene(gl, programs, draws) {
  const targets = [];
  for (const { shader, ...rest } of draws) {
    draw(gl, programs[shader], targets, rest);
  }
  const { size: [width, height] } = targets[draws.at(-1).target];
  const pixels = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  const error = gl.getError();
  if (error) {
    throw new Error(`GL error 0x${error.toString(16)}`);
  }
  return text(pixels);
}

// Each item's result, or what was thrown.
function attempt(items, action) {
  const results = {}, problems = {};
  for (const [name, item] of Object.entries(items)) {
    try {
      results[name] = action(item);
    } catch (error) {
      problems[name] = error.message;
    }
  }
  return [results, problems];
}

function main({ vertex, shaders, scenes }) {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) {
    return { device: "" };
  }
  // Tables of floats are interpolated; where this is missing, as on some phones, they have to be half floats.
  gl.getExtension("OES_texture_float_linear");
  gl.disable(gl.DITHER);
  const [programs, refused] = attempt(shaders, (fragment) => compile(gl, vertex, fragment));
  const [pictures, failed] = attempt(scenes, (draws) => drawScene(gl, programs, draws));
  return { device: gl.getParameter(gl.VERSION), refused, pictures, failed };
}

const work = JSON.parse(document.getElementById("work").textContent);
document.body.textContent = JSON.stringify(main(work));
