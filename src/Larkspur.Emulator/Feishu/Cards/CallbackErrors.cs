namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>What the client tells a person when a card's bot fails.</summary>
internal static class CallbackErrors
{
    public static LocalizedText Text(int code) => code switch
    {
        200340 => new LocalizedText($"The app has no callback address (code {code})", $"出错了：应用未配置回调地址（错误码 {code}）"),
        200341 => new LocalizedText($"The app did not answer within 3 seconds (code {code})", $"出错了：应用未在 3 秒内响应（错误码 {code}）"),
        200342 => new LocalizedText($"The app cannot be reached (code {code})", $"出错了：无法连接应用（错误码 {code}）"),
        200343 => new LocalizedText($"The app's host name is unknown (code {code})", $"出错了：应用地址无法解析（错误码 {code}）"),
        200530 => new LocalizedText($"A part of the form has no name (code {code})", $"出错了：表单组件缺少 name（错误码 {code}）"),
        200671 => new LocalizedText($"The app answered with an error status (code {code})", $"出错了：应用返回了非 200 状态码（错误码 {code}）"),
        200672 => new LocalizedText($"The app's answer is not understood (code {code})", $"出错了：应用返回的内容格式错误（错误码 {code}）"),
        200673 => new LocalizedText($"The app answered with a broken card (code {code})", $"出错了：应用返回的卡片错误（错误码 {code}）"),
        200830 => new LocalizedText($"The new card's JSON version differs from the sent card's (code {code})", $"出错了：卡片版本与原卡片不一致（错误码 {code}）"),
        _ => new LocalizedText($"Something went wrong, try again later (code {code})", $"出错了，请稍后重试（错误码 {code}）"),
    };
}
