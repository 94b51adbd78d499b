/** So many in a row are a trouble, for which what waits was put off; fewer are a bad moment. */
const FAILURES = 3

/** An answer that says no to everybody, as one to a wrong token or a suspended account. */
const NO_TO_ALL = [401, 403, 408]

/**
 * Calls `recovered` when a call goes well after several in a row did not. To be told of each call's status, or that it had no
 * answer; what was refused for its own sake is neither.
 */
export function watchRecovery(recovered: () => void): (status: number | undefined) => void {
  let failures = 0
  return (status = 500) => {
    if (status < 300 && failures >= FAILURES) recovered()
    if (status < 300) failures = 0
    else if (status >= 500 || NO_TO_ALL.includes(status)) failures += 1
  }
}
