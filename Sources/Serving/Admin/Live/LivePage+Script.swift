extension LivePage {
    /// What is between the tags of `script`.
    ///
    /// It asks for the page again each second, while somebody may see it, and changes in place what differs: nodes stay, and
    /// with them focus, selection and scrolling. Times out, and slows down, when the server does not answer.
    static let script = """
        (() => {
          'use strict';
          const pause = document.getElementById('pause'), lost = document.getElementById('lost');
          let isPaused = false, failures = 0, timer = 0;
          function change(from, to) {
            if (from.nodeName !== to.nodeName || from.id !== to.id) { from.replaceWith(to); return; }
            if (from === pause) return;
            if (from.nodeType !== Node.ELEMENT_NODE) {
              if (from.data !== to.data) from.data = to.data;
              return;
            }
            for (const { name, value } of [...to.attributes])
              if (from.getAttribute(name) !== value) from.setAttribute(name, value);
            for (const { name } of [...from.attributes])
              if (!to.hasAttribute(name)) from.removeAttribute(name);
            const old = [...from.childNodes], next = [...to.childNodes];
            next.forEach((node, index) => old[index] ? change(old[index], node) : from.append(node));
            old.slice(next.length).forEach(node => node.remove());
          }
          async function update() {
            try {
              const reply = await fetch(location.pathname, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
              if (!reply.ok) throw new Error(reply.status);
              const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
              if (!isPaused) {
                change(document.getElementById('live'), page.getElementById('live'));
                if (document.title !== page.title) document.title = page.title;
              }
              failures = 0;
              if (lost.textContent) lost.textContent = '';
            } catch {
              failures += 1;
              if (failures === 2) lost.textContent = 'The server does not answer. Figures are old; trying again.';
            }
            plan();
          }
          function plan() {
            clearTimeout(timer);
            if (!isPaused && !document.hidden) timer = setTimeout(update, failures > 5 ? 5000 : 1000);
          }
          document.addEventListener('visibilitychange', () => { clearTimeout(timer); if (!document.hidden && !isPaused) update(); });
          pause.addEventListener('click', () => {
            isPaused = !isPaused;
            pause.textContent = isPaused ? 'Go on' : 'Pause';
            clearTimeout(timer);
            if (!isPaused) update();
          });
          pause.hidden = false;
          plan();
        })();
        """
}
