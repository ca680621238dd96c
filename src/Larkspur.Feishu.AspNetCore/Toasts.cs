using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.AspNetCore;

/// <summary>What somebody sees who clicked on a card and gets no answer of the handler's.</summary>
internal static class Toasts
{
    public static CardActionResponse StillAtWork =>
        Of(CardToastType.Info, "正在处理，请稍候。", "Still being done. Please wait a moment.");

    public static CardActionResponse Busy =>
        Of(CardToastType.Error, "系统繁忙，请稍后再试。", "Too busy just now. Please try again in a moment.");

    public static CardActionResponse Failed(string reference) =>
        Of(CardToastType.Error, $"出错了，请稍后再试。参考号：{reference}", $"That did not work. Please try again later. Reference: {reference}");

    private static CardActionResponse Of(CardToastType type, string chinese, string english) =>
        CardActionResponse.Toast(type, english, new Dictionary<string, string> { ["zh_cn"] = chinese, ["en_us"] = english });
}
