/** Says that something changed somewhere: pages of the whole site look again. What changed is not told, because all of it is on them. */
export async function* siteChanges(feed: AsyncIterable<string>): AsyncGenerator<{ changed: true }> {
  for await (const _ of feed) yield { changed: true };
}
