// Only what report.js draws with; esbuild leaves out the rest.
export { axisX, axisY, barX, cell, dot, gridX, plot, ruleX, ruleY, text } from "@observablehq/plot";
