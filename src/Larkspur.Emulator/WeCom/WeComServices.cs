using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.WeCom;

internal static class WeComServices
{
    public static void AddWeCom(this IServiceCollection services)
    {
        services.AddSingleton<WeComPlatform>();
        services.AddSingleton<IEmulatedPlatform>(provider => provider.GetRequiredService<WeComPlatform>());
    }

    public static void MapWeCom(this WebApplication app)
    {
    }
}
