const field = document.querySelector("input");
const links = [...document.querySelectorAll("nav li")];
const articles = [...document.querySelectorAll("article")];
const search = () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  articles.forEach((article, at) => {
    const text = article.dataset.name + " " + article.querySelector(".signature").textContent.toLowerCase();
    article.hidden = links[at].hidden = !words.every((word) => text.includes(word));
  });
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("article:not([hidden])");
  document.querySelector(".none").hidden = articles.some((article) => !article.hidden);
};
field.addEventListener("input", search);
addEventListener("keydown", (event) => {
  if (event.key === "s" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  if (event.key === "Escape") { field.value = ""; search(); }
});
