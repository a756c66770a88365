// Draws the page from the data inside it. State (sorting, filters, view) lies in the tab's session, so that a page that
// loads itself again while a suite runs stays as it was.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const table = data.table;
  const $ = id => document.getElementById(id);

  // ---- small helpers -------------------------------------------------------------------------------------------------

  /** An element with attributes and children; a child that is no node becomes text. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  }
  const has = value => value !== null && value !== undefined;
  const fixed = (value, digits = table.decimals) => has(value) ? value.toFixed(digits) : "–";
  const signed = (value, digits = table.decimals) => has(value) ? (value < 0 ? "−" : "+") + Math.abs(value).toFixed(digits) : "–";
  const range = (interval, digits = table.decimals) => has(interval) ? `[${interval[0].toFixed(digits)}, ${interval[1].toFixed(digits)}]` : "–";
  const seconds = value => has(value) ? (value >= 7200 ? (value / 3600).toFixed(1) + " h" : value.toFixed(1) + " s") : "–";
  const mebibytes = bytes => bytes > 0 ? (bytes / 1048576).toFixed(0) : "–";
  const level = Math.round(100 * (1 - table.alpha));

  function grid(header, rows) {
    return el("div", {class: "scroll", tabindex: 0},
      el("table", {},
        el("thead", {}, el("tr", {}, ...header.map(text => el("th", {scope: "col"}, text)))),
        el("tbody", {}, ...rows.map(row => el("tr", {},
          ...row.map((content, i) => i === 0 ? el("th", {scope: "row"}, content) : el("td", {}, content)))))));
  }

  // ---- state ---------------------------------------------------------------------------------------------------------

  const key = "scant-report-" + data.suite;
  const state = {sort: "rank", descending: false, query: "", view: "spread", hidden: []};
  try { Object.assign(state, JSON.parse(sessionStorage.getItem(key) || "{}")); } catch (error) { /* no storage: defaults */ }
  function keep() {
    try { sessionStorage.setItem(key, JSON.stringify(state)); } catch (error) { /* a page from disk may have no storage */ }
  }

  // ---- leaderboard ---------------------------------------------------------------------------------------------------

  const reference = table.rows.findIndex(row => row.label === table.reference);
  const columns = () => table.columns.map((label, index) => ({label, index})).filter(c => !state.hidden.includes(c.label));

  /** The number that a cell shows and is sorted by in the chosen view; null where there is none. */
  function number(cell, row, column) {
    if (state.view === "against") return data.against.cells[table.rows.indexOf(row)][column]?.difference;
    if (state.view === "seconds") return cell.tuning_seconds + cell.final_seconds;
    if (state.view === "peak") return cell.peak_bytes > 0 ? cell.peak_bytes / 1048576 : null;
    if (state.view !== "difference") return cell.mean;
    const base = table.rows[reference].cells[column].mean;
    return has(cell.mean) && has(base) ? cell.mean - base : null;
  }

  function text(cell, row, column) {
    const missing = cell.n !== cell.expected ? ` (${cell.n}/${cell.expected})` : "";
    const value = number(cell, row, column);
    if (!has(value)) return "–" + missing;
    switch (state.view) {
      case "seconds": return value.toFixed(1);
      case "peak": return value.toFixed(0);
      case "difference": return signed(value) + missing;
      case "against": {
        const other = data.against.cells[table.rows.indexOf(row)][column];
        return signed(value) + (other.interval ? " " + range(other.interval) : "") + missing;
      }
      case "interval": return `${fixed(value)} ${has(cell.interval) ? range(cell.interval) : ""}${missing}`;
      default: return fixed(value) + (has(cell.spread) ? ` ± ${fixed(cell.spread)}` : "") + missing;
    }
  }

  const differs = cell => has(cell.p_adjusted) && cell.p_adjusted < table.alpha;

  function shownRows() {
    const words = state.query.toLowerCase().split(/\s+/).filter(word => word);
    const rows = table.rows.map((row, index) => ({row, index}))
      .filter(({row}) => words.every(word => (row.label + " " + row.method).toLowerCase().includes(word)));
    const column = table.columns.indexOf(state.sort);
    const value = ({row, index}) => state.sort === "method" ? row.label.toLowerCase()
      : state.sort === "average" ? row.average : state.sort === "rank" ? row.mean_rank
      : state.sort === "seconds" ? row.device_seconds : state.sort === "peak" ? row.peak_bytes
      : number(row.cells[column], row, column);
    return rows.sort((a, b) => {
      const x = value(a), y = value(b);
      if (!has(x) || !has(y)) return has(x) - has(y) === 0 ? a.index - b.index : has(y) - has(x);  // holes last
      const order = x < y ? -1 : x > y ? 1 : 0;
      return (state.descending ? -order : order) || a.index - b.index;
    });
  }

  function heading(label, sort) {
    const current = state.sort === sort;
    return el("th", {scope: "col", "aria-sort": current ? (state.descending ? "descending" : "ascending") : "none"},
      el("button", {type: "button", "data-sort": sort, onclick: () => {
        state.descending = current ? !state.descending : !["method", "rank", "seconds", "peak"].includes(sort);
        state.sort = sort;
        draw(sort);
      }}, label));
  }

  function boardCell(row, r, c) {
    const cell = row.cells[c];
    const marks = cell.footnotes.map(note => el("sup", {}, el("a", {href: "#note-" + note}, String(note))));
    const style = cell.best ? "best" : cell.not_significantly_below_best ? "contender" : null;
    const hint = `${row.label} on ${table.columns[c]}: ${cell.n} of ${cell.expected} runs` +
      (has(cell.interval) ? `, ${level} % interval ${range(cell.interval)}` : "") +
      (has(cell.p_adjusted) ? `, p = ${cell.p_adjusted.toPrecision(2)} against ${table.reference}` : "") + ". Opens its runs.";
    return el("td", {}, el("button", {type: "button", class: style, title: hint, "data-cell": r + "," + c, onclick: () => openCell(r, c)},
      text(cell, row, c) + (differs(cell) ? " †" : "")), ...marks);
  }

  function draw(focus) {
    keep();
    const rows = shownRows();
    $("board").replaceChildren(
      el("thead", {}, el("tr", {}, heading("Method", "method"), ...columns().map(c => heading(c.label, c.label)),
        heading("Average", "average"), heading("Mean rank", "rank"), heading("Device-hours", "seconds"), heading("Peak MiB", "peak"))),
      el("tbody", {}, ...rows.map(({row, index}) => el("tr", {},
        el("th", {scope: "row"}, row.label), ...columns().map(c => boardCell(row, index, c.index)),
        el("td", {}, fixed(row.average)), el("td", {}, fixed(row.mean_rank, 1)),
        el("td", {}, (row.device_seconds / 3600).toPrecision(2)), el("td", {}, mebibytes(row.peak_bytes))))));
    $("shown").textContent = `${rows.length} of ${table.rows.length} methods, ${columns().length} of ${table.columns.length} data sets`;
    if (focus) document.querySelector(`[data-sort="${CSS.escape(focus)}"]`).focus();
  }

  function controls() {
    $("query").value = state.query;
    $("query").addEventListener("input", () => { state.query = $("query").value; draw(); });
    if (data.against) $("view").append(el("option", {value: "against"}, "difference to " + data.against.name));
    else if (state.view === "against") state.view = "spread";
    $("view").value = state.view;
    $("view").addEventListener("change", () => { state.view = $("view").value; draw(); });
    for (const label of table.columns) {
      const box = el("input", {type: "checkbox", checked: !state.hidden.includes(label)});
      box.addEventListener("change", () => {
        state.hidden = box.checked ? state.hidden.filter(name => name !== label) : [...state.hidden, label];
        draw();
      });
      $("columns").append(el("label", {}, box, " " + label));
    }
    $("controls").addEventListener("submit", event => event.preventDefault());
    $("save-csv").addEventListener("click", () => save("csv", csv()));
    $("save-tex").addEventListener("click", () => save("tex", latex()));
    $("copy-md").addEventListener("click", () => copy(markdown()));
  }

  // ---- exports of what is shown --------------------------------------------------------------------------------------

  /** Rows of text as shown: header first. */
  function lines() {
    const shown = columns();
    return [["Method", ...shown.map(c => c.label), "Average", "Mean rank"],
      ...shownRows().map(({row}) => [row.label, ...shown.map(c => text(row.cells[c.index], row, c.index) + (differs(row.cells[c.index]) ? " †" : "")),
        fixed(row.average), fixed(row.mean_rank, 1)])];
  }

  /** Full precision, a line a cell. */
  function csv() {
    const field = value => /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value ?? "");
    const all = [["dataset", "method", "metric", "mean", "spread", "low", "high", "n", "expected", "p_adjusted", "device_seconds", "peak_bytes"]];
    for (const {row} of shownRows()) {
      for (const c of columns()) {
        const cell = row.cells[c.index];
        all.push([c.label, row.label, table.metric, cell.mean, cell.spread, cell.interval?.[0], cell.interval?.[1], cell.n, cell.expected,
          cell.p_adjusted, cell.tuning_seconds + cell.final_seconds, cell.peak_bytes]);
      }
    }
    return all.map(line => line.map(field).join(",")).join("\n") + "\n";
  }

  function latex() {
    const signs = {"\\": "\\textbackslash{}", "–": "--", "−": "$-$", "±": "$\\pm$", "†": "\\textdagger{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"};
    const escape = value => value.replace(/[\\–−±†~^]|[&%$#_{}]/g, sign => signs[sign] || "\\" + sign);
    const [header, ...rows] = lines();
    const shown = columns();
    const styled = shownRows().map(({row}, r) => rows[r].map((value, i) => {
      const cell = i > 0 && i <= shown.length ? row.cells[shown[i - 1].index] : null;
      const safe = escape(value);
      return cell?.best ? `\\textbf{${safe}}` : cell?.not_significantly_below_best ? `\\textit{${safe}}` : safe;
    }));
    const line = cells => "  " + cells.join(" & ") + " \\\\";
    return ["\\begin{table}[t]", "  \\centering", `  \\caption{${escape(table.title)}. ${escape(table.caption)}}`,
      `  \\begin{tabular}{l${"r".repeat(header.length - 1)}}`, "  \\toprule", line(header.map(escape)), "  \\midrule",
      ...styled.map(line), "  \\bottomrule", "  \\end{tabular}", "\\end{table}", ""].join("\n");
  }

  function markdown() {
    const [header, ...rows] = lines().map(line => line.map(value => value.replaceAll("|", "\\|")));
    const line = cells => "| " + cells.join(" | ") + " |";
    return [line(header), "|---|" + "---:|".repeat(header.length - 1), ...rows.map(line), ""].join("\n");
  }

  function save(ending, content) {
    const address = URL.createObjectURL(new Blob([content], {type: "text/plain;charset=utf-8"}));
    el("a", {href: address, download: `${data.suite}.${ending}`}).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  function copy(content) {
    const done = () => { $("shown").textContent = "The table is in the clipboard as Markdown."; };
    const failed = () => { $("shown").textContent = "This browser gives a page from disk no clipboard: use Save CSV or Save LaTeX."; };
    if (navigator.clipboard) navigator.clipboard.writeText(content).then(done, failed);
    else failed();
  }

  // ---- a cell's page -------------------------------------------------------------------------------------------------

  function openCell(r, c) {
    const row = table.rows[r], cell = row.cells[c];
    const studies = data.studies.filter(study => study.row === r && study.column === c);
    $("cell-title").textContent = `${row.label} on ${table.columns[c]}`;
    $("cell-body").replaceChildren(summary(row, cell, r, c), ...studies.flatMap(studyParts));
    $("cell").showModal();
    drawCharts($("cell-body"));
  }

  function summary(row, cell, r, c) {
    const parts = [
      ["Mean", has(cell.mean) ? `${fixed(cell.mean)} (${cell.n} of ${cell.expected} runs)` : "none"],
      [`${level} % interval`, range(cell.interval)],
      ["Spread", `${fixed(cell.spread)} (${table.spread})`],
      ["Against " + table.reference, has(cell.p_adjusted) ? `p = ${cell.p_adjusted.toPrecision(3)} (${table.correction}), unadjusted ${cell.p_value.toPrecision(3)}` : "not tested"],
      ["Spent", `${seconds(cell.tuning_seconds)} of tuning in ${cell.tuning_trials} trials, ${seconds(cell.final_seconds)} of final runs; peak ${mebibytes(cell.peak_bytes)} MiB`],
    ];
    const other = data.against?.cells[r][c];
    if (other) parts.push([`Against ${data.against.name}`, `${signed(other.difference)} ${range(other.interval)}; there ${fixed(other.mean)} (${other.n} runs)`]);
    for (const hole of cell.holes) parts.push(["Missing", hole]);
    return grid(["", ""], parts);
  }

  function studyParts(study) {
    const parts = [el("h3", {}, `Split ${study.split}`)];
    if (study.params) parts.push(el("p", {}, "Configuration: ", el("code", {}, JSON.stringify(study.params))));
    parts.push(grid(["Final run", "Balanced accuracy", "Accuracy", "Epochs", "Device time", "Images", "Peak MiB", "Test opened", "Environment", "Trial"],
      study.runs.map(run => run.hole ? [String(run.repetition), run.hole, "", "", "", "", "", "", "", run.id || ""]
        : [String(run.repetition), fixed(run.balanced_accuracy), fixed(run.accuracy), String(run.epochs), seconds(run.seconds), String(run.images),
           mebibytes(run.peak_bytes), String(run.openings), el("a", {href: "#machine-" + run.environment, onclick: () => $("cell").close()}, String(run.environment)), run.id])));
    if (study.loss.length > 1) parts.push(lossChart(study));
    if (study.recall.length) parts.push(el("details", {}, el("summary", {}, "Recall of each class"),
      grid(["Class", "Recall, %", "Answers"], study.recall.map(([label, recall, n]) => [String(label), fixed(recall, 1), String(n)]))));
    if (study.planned) {
      parts.push(el("details", {}, el("summary", {}, `Tuning: ${study.begun} of ${study.planned} trials` +
          (study.trials.length < study.begun ? `, the best ${study.trials.length} are listed` : "")),
        grid(["Trial", "Validation", "Status", "Epochs", "Device time", "Configuration"], study.trials.map(trial =>
          [String(trial.index), fixed(trial.value), trial.status + (trial.reason ? ": " + trial.reason : ""), String(trial.epochs), seconds(trial.seconds),
           el("code", {}, JSON.stringify(trial.params))]))));
    }
    parts.push(el("details", {}, el("summary", {}, "Protocol"), el("code", {}, JSON.stringify(data.protocols[study.column]))));
    return parts;
  }

  /** The training loss of a study's final runs, as a polyline and a band: drawn here because it is one small curve. */
  function lossChart(study) {
    const width = 420, height = 150, left = 46, bottom = 24, top = 8;
    const last = study.loss[study.loss.length - 1][0], first = study.loss[0][0];
    const highest = Math.max(...study.loss.map(point => point[3]).filter(Number.isFinite));
    const x = epoch => left + (width - left - 8) * (epoch - first) / Math.max(1, last - first);
    const y = loss => top + (height - top - bottom) * (1 - loss / (highest || 1));
    const make = (tag, attributes, content) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      if (content) node.textContent = content;
      return node;
    };
    const svg = make("svg", {viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": "Training loss by epoch"});
    const points = list => list.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ");
    svg.append(
      make("polygon", {fill: "currentColor", opacity: .15, points: points([...study.loss.map(p => [x(p[0]), y(p[3])]), ...study.loss.slice().reverse().map(p => [x(p[0]), y(p[2])])])}),
      make("polyline", {fill: "none", stroke: "currentColor", "stroke-width": 1.5, points: points(study.loss.map(p => [x(p[0]), y(p[1])]))}),
      make("line", {x1: left, x2: width - 8, y1: height - bottom, y2: height - bottom, stroke: "currentColor"}),
      make("line", {x1: left, x2: left, y1: top, y2: height - bottom, stroke: "currentColor"}));
    const label = (px, py, anchor, content) => svg.append(make("text", {x: px, y: py, "text-anchor": anchor, "font-size": 11, fill: "currentColor"}, content));
    label(left - 4, y(highest) + 9, "end", highest.toPrecision(3));
    label(left - 4, height - bottom, "end", "0");
    label(left, height - 8, "start", "epoch " + first);
    label(width - 8, height - 8, "end", String(last));
    return el("figure", {}, svg, el("figcaption", {}, "Training loss of the final runs: mean, lowest to highest."));
  }

  // ---- figures -------------------------------------------------------------------------------------------------------

  /** Vega's look on this page, light or dark. */
  function look() {
    const color = getComputedStyle(document.body).color;
    const axis = {labelColor: color, titleColor: color, domainColor: color, tickColor: color, gridColor: "rgba(128,128,128,.25)"};
    return {background: null, axis, legend: {labelColor: color, titleColor: color, labelLimit: 260}, title: {color}, text: {color}, rule: {color},
            view: {stroke: "rgba(128,128,128,.4)"}, font: "system-ui, sans-serif"};
  }

  function drawCharts(within) {
    for (const node of within.querySelectorAll("[data-chart]")) {
      const chart = data.charts[Number(node.dataset.chart)];
      if (!chart.spec) { node.innerHTML = chart.svg; continue; }
      const spec = {...chart.spec, config: {...look(), ...chart.spec.config}};
      try {
        new vega.View(vega.parse(vegaLite.compile(spec).spec), {renderer: "svg"}).initialize(node).hover().runAsync()
          .catch(error => { node.textContent = "This figure could not be drawn: " + error.message; console.error(error); });
      } catch (error) {
        node.textContent = "This figure could not be drawn: " + error.message;
        console.error(error);
      }
    }
  }

  function figures() {
    if (!data.charts.length) { $("charts").replaceChildren(el("p", {}, "There is nothing to draw yet.")); return; }
    data.charts.forEach((chart, index) => {
      const place = el("div", {"data-chart": index});
      $("charts").append(el("figure", {id: "figure-" + chart.name}, el("h3", {}, chart.title), place, el("figcaption", {}, chart.caption)));
    });
    // One after the other, so that the page answers in between: one with many figures opens at once.
    const waiting = [...$("charts").children];
    const next = () => {
      const figure = waiting.shift();
      if (!figure) return;
      drawCharts(figure);
      setTimeout(next, 0);
    };
    next();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const figure of $("charts").children) {
        const place = figure.querySelector("[data-chart]");
        if (place.firstChild) { place.replaceChildren(); drawCharts(figure); }
      }
    });
  }

  // ---- the rest ------------------------------------------------------------------------------------------------------

  function comparison() {
    const all = data.comparison;
    if (!all) { $("compared").replaceChildren(el("p", {}, "Nothing can be compared yet; the reason stands at the end of the page.")); return; }
    $("compared").append(
      el("p", {class: "small"}, `Over ${all.datasets.join(", ")}. Scores normalised per data set: 0 is chance, 1 the mean of ${table.reference}. ` +
        `${level} % intervals: stratified bootstrap over runs.`),
      grid(["Method", "Average rank", "Interquartile mean", "Interval", "Probability to beat " + table.reference, "Interval", `Worse / same (±${all.rope}) / better`],
        all.methods.slice().sort((a, b) => a.average_rank - b.average_rank).map(m =>
          [m.method, fixed(m.average_rank, 2), fixed(m.interquartile_mean, 3), range(m.interquartile_interval, 3),
           fixed(m.probability_of_improvement, 2), range(m.improvement_interval, 2), m.worse_same_better ? m.worse_same_better.map(p => p.toFixed(2)).join(" / ") : "–"])));
    if (all.not_separated.length) {
      $("compared").append(el("p", {class: "small"}, "Not separated by Wilcoxon's signed-rank test with Holm's correction:"),
        el("ul", {class: "small"}, ...all.not_separated.map(group => el("li", {}, group.join(", ")))));
    }
  }

  function samples() {
    if (!data.samples.length) { $("samples").replaceChildren(el("p", {}, "No images: see the end of the page for the reason.")); return; }
    const method = el("select", {id: "sample-method"}, ...table.rows.map((row, i) => el("option", {value: i}, row.label)));
    const place = el("div");
    const show = () => {
      const row = Number(method.value);
      place.replaceChildren(...[...new Set(data.samples.map(sample => sample.dataset))].flatMap(dataset => [
        el("h3", {}, dataset),
        el("div", {class: "samples"}, ...data.samples.filter(sample => sample.dataset === dataset).map(sample => {
          const answer = sample.answers[row], right = answer === sample.truth;
          const count = sample.answers.filter(one => one === sample.truth).length, asked = sample.answers.filter(one => one !== "").length;
          return el("div", {class: "sample"}, el("img", {src: sample.picture, alt: sample.truth, loading: "lazy"}), sample.truth, el("br"),
            el("span", {class: right ? "up" : "down"}, answer === "" ? "no answer" : right ? "✓ right" : "✗ " + answer), el("br"),
            `${count} of ${asked} methods right`);
        }))]));
    };
    method.value = String(Math.max(0, reference));
    method.addEventListener("change", show);
    $("samples").append(el("p", {}, el("label", {}, "Answers of ", method)), place);
    show();
  }

  function machines() {
    $("machines").append(...data.environments.map((environment, i) => el("details", {id: "machine-" + i, open: data.environments.length === 1},
      el("summary", {}, `Environment ${i}`), grid(["", ""], Object.entries(environment).map(([name, value]) =>
        [name, el("code", {}, typeof value === "string" ? value : JSON.stringify(value))])))));
    $("left-out").append(...data.left_out.map(reason => el("li", {}, reason)));
  }

  function head() {
    $("title").textContent = table.title;
    const runs = table.rows.flatMap(row => row.cells), done = runs.reduce((sum, cell) => sum + cell.n, 0), planned = runs.reduce((sum, cell) => sum + cell.expected, 0);
    $("state").textContent = table.complete ? `Complete: ${done} runs.` : `${done} of ${planned} runs have a score${data.live ? "; this page loads itself again while the suite runs" : ""}.`;
    $("caption").textContent = table.caption;
    $("footnotes").append(...table.footnotes.map((note, i) => el("li", {id: "note-" + (i + 1)}, note)));
    $("notes").append(...table.notes.map(note => el("li", {}, note + ".")));
  }

  head();
  controls();
  draw();
  figures();
  comparison();
  samples();
  machines();
  if (data.live) {
    // Not while a cell is open or somebody types.
    setInterval(() => { if (!$("cell").open && document.activeElement !== $("query")) location.reload(); }, 10000);
  }
})();
