/** The check of the places of a step: of a thousand numbers in each step of a training. */

/** The first that is no whole number from 0 to below a count, or undefined where all are. */
export const firstOutside = (places: readonly number[], count: number): number | undefined => {
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i]!;
    if (!(place >= 0 && place < count && Math.floor(place) === place)) {
      return place;
    }
  }
  return undefined;
};
