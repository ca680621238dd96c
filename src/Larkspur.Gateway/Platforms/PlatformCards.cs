using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Platforms.Web;

namespace Larkspur.Gateway.Platforms;

/// <summary>How each platform draws a card, whether or not an app of it is connected.</summary>
internal static class PlatformCards
{
    public static void AddPlatformCards(this IServiceCollection services)
    {
        services.AddSingleton<ICardCompiler>(provider => new FeishuCardCompiler(ZoneOf(provider)));
        // A button card of WeCom's has six; the others show as many as a row of an answer has.
        AddMarkdown(services, WeComApps.Platform, 6);
        AddMarkdown(services, DingTalkApps.Platform, 6);
        AddMarkdown(services, WebChat.Platform, 10);
    }

    private static void AddMarkdown(IServiceCollection services, string platform, int mostButtons) => services.AddSingleton<ICardCompiler>(
        provider => new MarkdownCardCompiler(platform, mostButtons, ZoneOf(provider)));

    private static TimeZoneInfo ZoneOf(IServiceProvider provider) => provider.GetRequiredService<Installation>().TimeZone;
}
