using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.DingTalk;

internal static class DingTalkServices
{
    public static void AddDingTalk(this IServiceCollection services)
    {
        services.AddSingleton<DingTalkPlatform>();
        services.AddSingleton<IEmulatedPlatform>(provider => provider.GetRequiredService<DingTalkPlatform>());
    }

    public static void MapDingTalk(this WebApplication app)
    {
    }
}
