using System.Collections.Frozen;

namespace Larkspur.Gateway.Api;

/// <summary>What the words of refusals mean, in sentences, for those that come without one of their own.</summary>
internal static class ProblemTexts
{
    private static readonly FrozenDictionary<string, (string English, string Chinese)> Sentences = new Dictionary<string, (string, string)>
    {
        ["bad_request"] = ("Something in the request cannot be read.", "请求中有无法识别的内容。"),
        ["wrong_api_key"] = ("The call carries no key that is valid here: Authorization: Bearer KEY, or X-Api-Key: KEY.", "请求没有携带有效的密钥：请使用 Authorization: Bearer 密钥，或 X-Api-Key: 密钥。"),
        ["unknown_host"] = ("The gateway does not answer to this host name. LARKSPUR_ALLOWED_HOSTS lists those that it answers to.", "本网关不应答这个主机名，允许的主机名见 LARKSPUR_ALLOWED_HOSTS。"),
        ["api_closed"] = ("LARKSPUR_API_KEY is not set, and the call carries no other key.", "未设置 LARKSPUR_API_KEY，请求也没有携带其他密钥。"),
        ["expired_api_key"] = ("The key has expired.", "密钥已过期。"),
        ["address_not_allowed"] = ("The key may not be used from this address.", "该密钥不允许在此地址使用。"),
        ["revoked_api_key"] = ("The key was revoked.", "密钥已被吊销。"),
        ["rotated_api_key"] = ("The key was renewed, and this is the one before.", "密钥已更换，这是更换前的旧密钥。"),
        ["missing_scope"] = ("The key does not hold the scope that this call needs.", "该密钥缺少此操作所需的权限范围。"),
        ["key_rate_limited"] = ("The key has used up its calls of this minute. Retry-After says when it may call again.", "该密钥本分钟的调用次数已用完，请按 Retry-After 稍后重试。"),
        ["too_many_attempts"] = ("Too many wrong keys came from this address. Retry-After says when another is looked at.", "来自该地址的错误密钥过多，请按 Retry-After 稍后重试。"),
        ["not_found"] = ("There is nothing under this address, or it is another system's: that takes others:read or others:write.", "此地址下没有内容，或它属于其他系统：需要 others:read 或 others:write。"),
        ["method_not_allowed"] = ("The address is right, the method is not: see Allow.", "地址正确，但不支持该请求方法，请参见 Allow。"),
        ["unsupported_media_type"] = ("The body is of a type that is not taken here: send Content-Type: application/json.", "不支持该内容类型：请使用 Content-Type: application/json。"),
        ["not_json"] = ("The body is JSON: send Content-Type: application/json.", "请求体应为 JSON：请使用 Content-Type: application/json。"),
        ["body_too_large"] = ("The body is too large.", "请求体过大。"),
        ["internal"] = ("The gateway failed. trace_id finds the log lines.", "网关内部出错，可用 trace_id 查找日志。"),
        ["unavailable"] = ("The gateway's database is unavailable. Try again later.", "网关数据库暂不可用，请稍后重试。"),
        ["storage_unavailable"] = ("The gateway's database is unavailable. Try again later.", "网关数据库暂不可用，请稍后重试。"),
        ["busy"] = ("Too much of this is under way. Try again.", "同类请求过多，请稍后重试。"),
        ["bad_status"] = ("There is no such status here.", "没有这种状态。"),
        ["bad_limit"] = ("limit is out of range.", "limit 超出范围。"),
        ["bad_cursor"] = ("cursor is not one that an answer gave.", "cursor 不是之前返回的值。"),
        ["event_id_missing"] = ("event_id is empty.", "event_id 为空。"),
        ["filter_missing"] = ("filter is missing; an empty one, {}, selects all dead letters.", "缺少 filter；空对象 {} 表示选择全部死信。"),
        ["not_replayable"] = ("Only dead, stale and discarded rows can be replayed; this one is none of them.", "只有失败、过期或已丢弃的记录可以重放，该记录不属于其中。"),
        ["already_finished"] = ("The row has ended already.", "该记录已经结束。"),
        ["unsure_past_key_lifetime"] = ("It may have arrived, and the platform no longer remembers its key. force=true sends it again under a new one.", "消息可能已送达，且平台已不再记得其幂等键；force=true 会用新的键重新发送。"),
        ["superseded"] = ("The card has newer content. force=true puts this one back.", "卡片已有更新的内容；force=true 会改用这一版。"),
        ["unknown_schedule"] = ("There is no such schedule.", "没有这个定时任务。"),
        ["already_asked"] = ("A run that was asked for before has not ended yet.", "之前请求的运行尚未结束。"),
        ["app_unknown"] = ("No configured app has this name.", "没有配置这个名称的应用。"),
        ["idempotency_key_missing"] = ("The header Idempotency-Key is missing.", "缺少请求头 Idempotency-Key。"),
        ["idempotency_key_too_long"] = ("Idempotency-Key has up to 200 characters.", "Idempotency-Key 最多 200 个字符。"),
        ["bad_receiver"] = ("Give exactly one of to and reply_to, with an id of its kind.", "to 与 reply_to 只能二选一，且标识类型须正确。"),
        ["bad_language"] = ("language is zh_cn or en_us.", "language 只能是 zh_cn 或 en_us。"),
        ["text_too_long"] = ("The text is too long.", "文本过长。"),
        ["append_or_replace"] = ("Give exactly one of append and replace.", "append 与 replace 只能二选一。"),
        ["bad_text"] = ("The text holds characters that cannot be shown.", "文本含有无法显示的字符。"),
        ["bad_offset"] = ("offset is no place in the text.", "offset 不是文本中的有效位置。"),
        ["stream_ended"] = ("The stream has ended.", "该流已结束。"),
        ["offset_beyond_text"] = ("offset lies behind the end of the text: a piece is missing.", "offset 超出文本末尾：中间缺少一段。"),
        ["components_too_large"] = ("The components are too large.", "组件过大。"),
        ["bad_components"] = ("Components are objects.", "组件必须是对象。"),
        ["too_many_streams"] = ("Too many streams are open. Try again later.", "打开的流过多，请稍后重试。"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // These say the same wherever they are said.
    private static readonly FrozenSet<string> General = FrozenSet.Create(StringComparer.Ordinal, "not_json", "unavailable", "storage_unavailable", "internal");

    /// <summary>The word's sentence, or a general one of its status.</summary>
    public static (string English, string Chinese) Find(string word, int status) => Sentences.TryGetValue(word, out var sentence) ? sentence : status switch
    {
        StatusCodes.Status401Unauthorized => Sentences["wrong_api_key"],
        StatusCodes.Status403Forbidden => ("This is not allowed.", "不允许此操作。"),
        StatusCodes.Status404NotFound => Sentences["not_found"],
        StatusCodes.Status405MethodNotAllowed => Sentences["method_not_allowed"],
        StatusCodes.Status409Conflict => ("It conflicts with what is there already.", "与现有状态冲突。"),
        StatusCodes.Status413PayloadTooLarge => Sentences["body_too_large"],
        StatusCodes.Status415UnsupportedMediaType => Sentences["unsupported_media_type"],
        StatusCodes.Status422UnprocessableEntity => ("It can be read, but not done.", "请求可以识别，但无法执行。"),
        StatusCodes.Status429TooManyRequests => ("Too many calls. Try again later.", "请求过多，请稍后重试。"),
        StatusCodes.Status503ServiceUnavailable => ("It cannot be done now. Try again later.", "暂时无法处理，请稍后重试。"),
        >= 500 => ("The gateway failed.", "网关出错。"),
        _ => Sentences["bad_request"],
    };

    /// <summary>The word's sentence holds for every refusal with it.</summary>
    public static bool IsGeneral(string word) => General.Contains(word);

    /// <summary>The word of a status that comes without one.</summary>
    public static string OfStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "wrong_api_key",
        StatusCodes.Status403Forbidden => "not_permitted",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status413PayloadTooLarge => "body_too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status429TooManyRequests => "rate_limited",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        >= 500 => "internal",
        _ => "bad_request",
    };

    /// <summary>The word as a headline: <c>key_in_use</c> is "Key in use".</summary>
    public static string Title(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..].Replace('_', ' ');
}
