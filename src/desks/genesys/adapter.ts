import { toPieces } from '../../domain/pieces.ts'
import type { Desk, DeskKit, LinkDefinition } from '../desk.ts'
import { createChatsLink } from './chats-link.ts'
import type { CustomerLeg } from './customer-leg.ts'
import { createGms } from './gms.ts'
import { createGws } from './gws.ts'
import { createSeat, type Seat } from './seat/index.ts'
import type { SeatConnection } from './seat/settings.ts'
import type { Settings } from './settings.ts'
import { type Talk, throughLeg } from './through-leg.ts'
import { throughSeat } from './through-seat.ts'

const LEGS = { gws: createGws, gms: createGms, none: () => undefined } as const

export function createDesk(settings: Settings, kit: DeskKit): Desk {
  const leg = LEGS[settings.customer_api](settings, kit)
  const seat = settings.seat && createSeat(settings.seat, connectionOf(settings), kit)
  return {
    name: kit.name,
    ...talkBy(settings, leg, seat),
    // Files as links: neither way is known to take files from a customer.
    pieces: toPieces,
    inbound: { kind: 'link', links: linksOf(settings, kit, leg, seat) },
    ...(seat && { operate: seat.operate }),
  }
}

function talkBy(settings: Settings, leg: CustomerLeg | undefined, seat: Seat | undefined): Talk {
  if (leg) return throughLeg(leg, settings)
  if (seat) return throughSeat(seat, settings)
  throw new Error('the settings let neither through')
}

/** Agents' words come from one place only. Beside a customer's chat the seat's link tells of the seat alone. */
function linksOf(
  settings: Settings,
  kit: DeskKit,
  leg: CustomerLeg | undefined,
  seat: Seat | undefined,
): LinkDefinition[] {
  const ears = { seatNickname: settings.seat?.nickname, relayExternal: settings.relay_external }
  const chats = leg && createChatsLink({ leg, clock: kit.clock, ears, poll: settings.poll })
  return [chats, seat?.link].filter(link => link !== undefined)
}

function connectionOf(settings: Settings): SeatConnection {
  const { url, headers, transfers, customer_api } = settings
  return {
    url,
    headers,
    transfers,
    apiStyle: settings.api_style,
    userDataKey: settings.user_data_key,
    transferFields: settings.transfer_fields,
    relay: customer_api === 'none' ? 'everything' : 'control',
  }
}
