"use strict";
(() => {
  const data = JSON.parse(document.getElementById("plot-data").textContent);
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // Acts as shaded bands, stalls hatched: told apart by pattern, named in the caption.
  const bands = isFirst => u => {
    const ctx = u.ctx, { top, height, left, width } = u.bbox;
    const x = at => Math.min(Math.max(u.valToPos(at, "x", true), left), left + width);
    ctx.save();
    data.acts.forEach((act, i) => {
      const from = x(act.from), to = x(act.to);
      ctx.fillStyle = color("--band");
      if (i % 2 === 0) ctx.fillRect(from, top, to - from, height);
      ctx.strokeStyle = color("--line");
      ctx.beginPath(); ctx.moveTo(from, top); ctx.lineTo(from, top + height); ctx.stroke();
      const label = (to - from) / devicePixelRatio > 44 ? "act " + act.number : "" + act.number;
      if (isFirst && (to - from) / devicePixelRatio > 14) {
        ctx.fillStyle = color("--soft");
        ctx.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
        ctx.textAlign = "left";
        ctx.textBaseline = "top";
        ctx.fillText(label, from + 4 * devicePixelRatio, top + 2 * devicePixelRatio);
      }
    });
    ctx.restore();
  };
  const stalls = list => u => {
    const ctx = u.ctx, { top, height } = u.bbox, step = 5 * devicePixelRatio;
    list.forEach(stall => {
      const from = u.valToPos(stall.from, "x", true);
      const to = Math.max(u.valToPos(stall.to, "x", true), from + 3 * devicePixelRatio);
      ctx.save();
      ctx.beginPath(); ctx.rect(from, top, to - from, height); ctx.clip();
      ctx.strokeStyle = color("--bad");
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      for (let at = from - height; at < to; at += step) { ctx.moveTo(at, top + height); ctx.lineTo(at + height, top); }
      ctx.moveTo(from, top); ctx.lineTo(from, top + height); ctx.moveTo(to, top); ctx.lineTo(to, top + height);
      ctx.stroke();
      ctx.restore();
    });
  };

  const clock = at => new Date(at * 1000).toISOString().slice(11, 19);
  let plots = [];
  const draw = () => {
    plots.forEach(plot => plot.destroy());
    const highest = Math.max(1, ...data.clusters.flatMap(c => c.commitsPerSecond));
    const axis = { stroke: color("--soft"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 }, font: "11px system-ui, sans-serif" };
    plots = [...document.querySelectorAll(".canvas")].map((box, i) => {
      const cluster = data.clusters.find(c => c.cluster === box.dataset.cluster);
      return new uPlot({
        width: box.clientWidth, height: 132, tzDate: at => uPlot.tzDate(new Date(at * 1000), "UTC"),
        cursor: { sync: { key: "traffic" }, drag: { x: true, y: false } }, legend: { show: false },
        scales: { x: { time: true, range: (u, min, max) => min == null ? [data.from, data.to] : [min, max] }, y: { range: [0, highest * 1.1] } },
        axes: [{ ...axis, size: 28, space: 70, values: (u, at) => at.map(clock) }, { ...axis, size: 46, space: 30 }],
        series: [{}, { stroke: color("--accent"), width: 1.5, fill: color("--band"), points: { show: false } }],
        hooks: { drawClear: [bands(i === 0)], draw: [stalls(cluster.stalls)] },
      }, [cluster.at, cluster.commitsPerSecond], box);
    });
    plots.forEach(plot => plot.setScale("x", { min: data.from, max: data.to }));
  };
  draw();
  let pending;
  addEventListener("resize", () => { clearTimeout(pending); pending = setTimeout(draw, 120); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  matchMedia("print").addEventListener("change", draw);

  const table = document.getElementById("timeline-table");
  if (table) {
    const by = id => document.getElementById(id);
    const filter = () => {
      const cluster = by("filter-cluster").value, type = by("filter-type").value, text = by("filter-text").value.toLowerCase();
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = (cluster && row.dataset.cluster !== cluster) || (type && row.dataset.type !== type)
          || (text && !row.textContent.toLowerCase().includes(text));
        if (!row.hidden) shown++;
      }
      by("filter-count").textContent = shown.toLocaleString("en") + (shown === 1 ? " entry" : " entries");
    };
    ["filter-cluster", "filter-type", "filter-text"].forEach(id => by(id).addEventListener("input", filter));
  }
})();
