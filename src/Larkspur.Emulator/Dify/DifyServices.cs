using Larkspur.Emulator.Dify.ApiPipeline;

namespace Larkspur.Emulator.Dify;

/// <summary>Dify's parts.</summary>
internal static class DifyServices
{
    public static void AddDify(this IServiceCollection services)
    {
        services.AddSingleton<DifyConversations>();
        services.AddSingleton<DifyRuns>();
        services.AddSingleton<DifyPictures>();
        services.AddSingleton(s => new DifyApi(
            s.GetRequiredService<EmulatorSettings>().DifyApps, s.GetRequiredService<DifyConversations>(), s.GetRequiredService<DifyRuns>(),
            s.GetRequiredService<DifyPictures>(), s.GetRequiredService<VirtualClock>()));
        services.AddSingleton<DifyApiPipeline>();
        services.AddPlatform<DifyPlatform>();
    }
}
