namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>What the client tells a person when a card's bot fails.</summary>
internal static class CallbackErrors
{
    public static string Text(int code) => code switch
    {
        200340 => "出错了：应用未配置回调地址 / The app has no callback address (code 200340)",
        200341 => "出错了：应用未在 3 秒内响应 / The app did not answer within 3 seconds (code 200341)",
        200342 => "出错了：无法连接应用 / The app cannot be reached (code 200342)",
        200343 => "出错了：应用地址无法解析 / The app's host name is unknown (code 200343)",
        200530 => "出错了：表单组件缺少 name / A part of the form has no name (code 200530)",
        200671 => "出错了：应用返回了非 200 状态码 / The app answered with an error status (code 200671)",
        200672 => "出错了：应用返回的内容格式错误 / The app's answer is not understood (code 200672)",
        200673 => "出错了：应用返回的卡片错误 / The app answered with a broken card (code 200673)",
        200830 => "出错了：卡片版本与原卡片不一致 / The new card's JSON version differs from the sent card's (code 200830)",
        _ => $"出错了，请稍后重试 / Something went wrong, try again later (code {code})",
    };
}
