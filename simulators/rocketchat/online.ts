import { agentNamed } from './state.ts'
import type { Agent, Department } from './types.ts'
import type { Workspace } from './workspace.ts'

/** The online agents of a department, or all of them; none for an unknown or disabled department. */
export function onlineAgents({ state }: Workspace, departmentId?: string): Agent[] {
  if (!departmentId) return [...state.agents.values()].filter(agent => agent.online)
  const department = state.departments.get(departmentId)
  if (!department?.enabled) return []
  return department.agents
    .map(username => agentNamed(state, username))
    .filter(agent => agent !== undefined)
    .filter(agent => agent.online)
}

/** What `config.online` says: the office is staffed, or takes chats without being so. */
export function isStaffed(workspace: Workspace, departmentId?: string): boolean {
  return (
    workspace.settings.Livechat_accept_chats_with_no_agents ||
    onlineAgents(workspace, departmentId).length > 0
  )
}

/** The department of a visitor who asked for none: the first one shown and staffed. */
export function defaultDepartment(workspace: Workspace): Department | undefined {
  return [...workspace.state.departments.values()].find(({ _id, enabled, showOnRegistration }) => {
    return enabled && showOnRegistration && onlineAgents(workspace, _id).length > 0
  })
}

/** Auto-selection: the online agent with the fewest open rooms. */
export function nextAgent(workspace: Workspace, departmentId?: string): Agent | undefined {
  const candidates = onlineAgents(workspace, departmentId)
  if (candidates.length < 2) return candidates[0]
  const chats = new Map<string, number>()
  for (const { servedBy } of workspace.state.index.openRoomByToken.values())
    if (servedBy) chats.set(servedBy._id, (chats.get(servedBy._id) ?? 0) + 1)
  const load = (agent: Agent) => chats.get(agent._id) ?? 0
  return candidates.reduce((best, agent) => (load(agent) < load(best) ? agent : best))
}

export function agentView({ settings }: Workspace, agent: Agent): Record<string, unknown> {
  if (!settings.Livechat_show_agent_info) return { hiddenInfo: true }
  const { _id, username, name, email, online } = agent
  return {
    _id,
    username,
    name,
    status: online ? 'online' : 'offline',
    emails: [{ address: email, verified: true }],
  }
}
