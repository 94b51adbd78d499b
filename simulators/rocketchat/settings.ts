/** The workspace settings that a mediator can feel, by the vendor's own names; times in ms, sizes in bytes. */
export type Settings = {
  API_Enable_Rate_Limiter: boolean
  API_Enable_Rate_Limiter_Limit_Calls_Default: number
  API_Enable_Rate_Limiter_Limit_Time_Default: number
  FileUpload_Enabled: boolean
  /** Bytes; -1 for no limit. */
  FileUpload_MaxFileSize: number
  /** Comma-separated media types, `image/*` allowed; empty for all. */
  FileUpload_MediaTypeWhiteList: string
  FileUpload_MediaTypeBlackList: string
  FileUpload_ProtectFiles: boolean
  FileUpload_Enable_json_web_token_for_files: boolean
  Livechat_enabled: boolean
  Livechat_accept_chats_with_no_agents: boolean
  Livechat_Routing_Method: 'Auto_Selection' | 'Manual_Selection'
  Livechat_waiting_queue: boolean
  Livechat_show_agent_info: boolean
  Livechat_fileupload_enabled: boolean
  Livechat_enable_message_character_limit: boolean
  Livechat_message_character_limit: number
  Livechat_request_comment_when_closing_conversation: boolean
  Livechat_webhookUrl: string
  Livechat_secret_token: string
  Livechat_http_timeout: number
  Livechat_webhook_on_start: boolean
  Livechat_webhook_on_close: boolean
  Livechat_webhook_on_chat_taken: boolean
  Livechat_webhook_on_chat_queued: boolean
  Livechat_webhook_on_forward: boolean
  Livechat_webhook_on_offline_msg: boolean
  Livechat_webhook_on_visitor_message: boolean
  Livechat_webhook_on_agent_message: boolean
  Livechat_webhook_on_capture: boolean
  Message_AllowEditing: boolean
  Message_AllowDeleting: boolean
  Omnichannel_allow_visitors_to_close_conversation: boolean
  /** The address that file links and quotes carry. Set to the simulator's own at the start. */
  Site_Url: string
  /** Not a setting of the vendor: the pause before a webhook is tried again, instead of the release's own. */
  webhookRetryMs: number | undefined
  /** Not a setting of the vendor: plays the releases whose "chat taken" switch works the wrong way round. */
  chatTakenInverted: boolean
}

/** The vendor's defaults, and the webhook switches as the operator of a mediator sets them. */
export const defaultSettings: Settings = {
  API_Enable_Rate_Limiter: true,
  API_Enable_Rate_Limiter_Limit_Calls_Default: 10,
  API_Enable_Rate_Limiter_Limit_Time_Default: 60_000,
  FileUpload_Enabled: true,
  FileUpload_MaxFileSize: 104_857_600,
  FileUpload_MediaTypeWhiteList: '',
  FileUpload_MediaTypeBlackList: 'image/svg+xml',
  FileUpload_ProtectFiles: true,
  FileUpload_Enable_json_web_token_for_files: true,
  Livechat_enabled: true,
  Livechat_accept_chats_with_no_agents: false,
  Livechat_Routing_Method: 'Auto_Selection',
  Livechat_waiting_queue: false,
  Livechat_show_agent_info: true,
  Livechat_fileupload_enabled: true,
  Livechat_enable_message_character_limit: false,
  Livechat_message_character_limit: 0,
  Livechat_request_comment_when_closing_conversation: true,
  Livechat_webhookUrl: '',
  Livechat_secret_token: '',
  Livechat_http_timeout: 5000,
  Livechat_webhook_on_start: false,
  Livechat_webhook_on_close: true,
  Livechat_webhook_on_chat_taken: true,
  Livechat_webhook_on_chat_queued: true,
  Livechat_webhook_on_forward: true,
  Livechat_webhook_on_offline_msg: false,
  Livechat_webhook_on_visitor_message: false,
  Livechat_webhook_on_agent_message: true,
  Livechat_webhook_on_capture: false,
  Message_AllowEditing: true,
  Message_AllowDeleting: true,
  Omnichannel_allow_visitors_to_close_conversation: true,
  Site_Url: '',
  webhookRetryMs: undefined,
  chatTakenInverted: false,
}
