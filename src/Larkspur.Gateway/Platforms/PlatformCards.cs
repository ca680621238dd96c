using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Platforms.Web;

namespace Larkspur.Gateway.Platforms;

/// <summary>How each platform draws a card, whether or not an app of it is connected.</summary>
internal static class PlatformCards
{
    public static void AddPlatformCards(this IServiceCollection services)
    {
        services.AddSingleton<ICardCompiler, FeishuCardCompiler>();
        // A button card of WeCom's has six; the others show as many as a row of an answer has.
        services.AddSingleton<ICardCompiler>(new MarkdownCardCompiler(WeComApps.Platform, 6));
        services.AddSingleton<ICardCompiler>(new MarkdownCardCompiler(DingTalkApps.Platform, 6));
        services.AddSingleton<ICardCompiler>(new MarkdownCardCompiler(WebChat.Platform, 10));
    }
}
