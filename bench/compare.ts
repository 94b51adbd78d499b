/**
 * Figures of each subject, by its name, one of each round. Rounds are interleaved, so that a machine that changes its speed
 * changes it for all.
 */
export async function measureInRounds<Subject extends { name: string }, Figures>(
  subjects: Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Figures>,
): Promise<Map<string, Figures[]>> {
  const all = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      all.get(subject.name)?.push(await measure(subject))
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return all
}

/** What a subject's rounds come to: the median of a figure, and that of its ratio to the reference's within a round. */
export function summarize<Figure extends string>(
  rounds: Record<Figure, number>[],
  reference: Record<Figure, number>[],
) {
  return {
    pick: (figure: Figure): number => median(rounds.map(one => one[figure])),
    ratio: (figure: Figure): number =>
      median(rounds.map((one, i) => one[figure] / (reference[i]?.[figure] ?? Number.NaN))),
  }
}

/** The middle one: a slice in which the machine was busy elsewhere does not count. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
