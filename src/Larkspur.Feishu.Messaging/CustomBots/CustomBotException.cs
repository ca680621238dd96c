namespace Larkspur.Feishu.Messaging;

/// <summary>Why a custom bot's message was not taken.</summary>
public enum CustomBotRefusal
{
    /// <summary>Another reason; see <see cref="PlatformApiException.Code"/> and <see cref="CustomBotException.Msg"/>.</summary>
    Unknown,

    /// <summary>19021: the secret is wrong or missing, or this machine's clock is an hour off.</summary>
    SignatureRejected,

    /// <summary>19022: this machine's address is not on the bot's list.</summary>
    AddressNotAllowed,

    /// <summary>19024: none of the bot's keywords is in the message.</summary>
    KeywordMissing,

    /// <summary>9499, 19002: the platform cannot read the message.</summary>
    BadRequest,

    /// <summary>19001: there is no bot at this address (any more).</summary>
    UnknownHook,

    /// <summary>19036: more than 20 KB.</summary>
    TooLarge,

    /// <summary>11232, 99991400, HTTP 429: too fast, or the message service is overloaded.</summary>
    TooFast,

    /// <summary>The platform failed.</summary>
    PlatformFailed,
}

/// <summary>The platform did not take a custom bot's message. Its texts never contain the hook's address or the secret.</summary>
public sealed class CustomBotException(CustomBotRefusal reason, string message, Exception? inner = null) : PlatformApiException(message, inner)
{
    /// <inheritdoc/>
    public override string Platform => "feishu";

    /// <summary>Why.</summary>
    public CustomBotRefusal Reason { get; } = reason;

    /// <summary>The platform's text.</summary>
    public string Msg { get; init; } = "";

    /// <summary>HTTP status; refusals come with 200.</summary>
    public int HttpStatus { get; init; }

    /// <summary>What happened and what to do, in plain language for people.</summary>
    public FeishuExplanation Explanation => Reason switch
    {
        CustomBotRefusal.SignatureRejected => new("签名校验失败：密钥不对或未填，或本机时间相差超过 1 小时。", "The signature was not accepted: the secret is wrong or missing, or this machine's clock is more than an hour off."),
        CustomBotRefusal.AddressNotAllowed => new("本机的 IP 不在机器人的白名单里。请在群机器人的安全设置中添加。", "This machine's IP address is not on the bot's list. Add it in the bot's security settings."),
        CustomBotRefusal.KeywordMissing => new("消息里没有机器人设置的关键词。请在内容中加入其中一个。", "The message has none of the bot's keywords. Put one of them into it."),
        CustomBotRefusal.BadRequest => new("消息格式有误，平台无法识别。", "The platform could not read the message."),
        CustomBotRefusal.UnknownHook => new("机器人地址无效，机器人可能已被移除。请在群里重新添加并更新地址。", "There is no bot at this address; it may have been removed. Add it again and use its new address."),
        CustomBotRefusal.TooLarge => new("消息超过 20 KB。请缩短内容。", "The message has more than 20 KB. Shorten it."),
        CustomBotRefusal.TooFast => new("发送过快（每分钟 100 条、每秒 5 条），或消息服务繁忙。请稍后重试。", "Too fast (100 a minute and 5 a second are allowed), or the message service is overloaded. Try again later."),
        CustomBotRefusal.PlatformFailed => new("平台出错。消息可能已发出；请先查看群消息再决定是否重发。", "The platform failed. The message may have been sent: look into the group before sending it again."),
        _ => FeishuExplanation.Of(Code) ?? new("平台拒绝了这条消息。", "The platform did not take the message."),
    };

    internal static CustomBotException From(int code, string msg, int httpStatus)
    {
        CustomBotRefusal reason = code switch
        {
            19021 => CustomBotRefusal.SignatureRejected,
            19022 => CustomBotRefusal.AddressNotAllowed,
            19024 => CustomBotRefusal.KeywordMissing,
            // The gateway in front of the hooks uses its general code for speed as well; only its words tell.
            9499 when msg.Contains("too many", StringComparison.OrdinalIgnoreCase) || msg.Contains("frequen", StringComparison.OrdinalIgnoreCase) => CustomBotRefusal.TooFast,
            9499 or 19002 => CustomBotRefusal.BadRequest,
            19001 => CustomBotRefusal.UnknownHook,
            19036 or 230025 => CustomBotRefusal.TooLarge,
            11232 or 11233 or 11247 or 230020 or 99991400 => CustomBotRefusal.TooFast,
            _ => httpStatus switch
            {
                429 => CustomBotRefusal.TooFast,
                413 => CustomBotRefusal.TooLarge,
                404 => CustomBotRefusal.UnknownHook,
                >= 500 => CustomBotRefusal.PlatformFailed,
                _ => CustomBotRefusal.Unknown,
            },
        };
        var refused = new CustomBotException(reason, $"Feishu did not take the custom bot's message: {code} \"{msg}\" (HTTP {httpStatus}).")
        {
            Code = code,
            Msg = msg,
            HttpStatus = httpStatus,
            FailureKind = reason switch
            {
                CustomBotRefusal.TooFast => FailureKind.RateLimited,
                CustomBotRefusal.SignatureRejected => FailureKind.Authentication,
                CustomBotRefusal.AddressNotAllowed => FailureKind.Permission,
                CustomBotRefusal.UnknownHook => FailureKind.NotFound,
                CustomBotRefusal.PlatformFailed => FailureKind.Transient,
                CustomBotRefusal.Unknown => FailureKind.Unknown,
                _ => FailureKind.Invalid,
            },
            LimitScope = reason == CustomBotRefusal.TooFast ? RateLimitScope.Endpoint : RateLimitScope.None,
        };
        return refused;
    }
}
