using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Streams;

internal static class StreamServices
{
    /// <summary>Cards that are written bit by bit.</summary>
    public static void AddStreams(this IServiceCollection services, SettingsReader settings)
    {
        var options = settings.Read<StreamOptions>();
        services.AddSingleton(options);
        services.AddSingleton<StreamStore>();
        services.AddRetention("streams", o => o.Keep, StreamStore.PruneAsync);
        services.AddSingleton<IMessageOwnerSource, StreamOwners>();
        services.AddSingleton<LiveStreams>();
        services.AddSingleton<StreamMetrics>();
        services.AddSingleton<StreamPages>();
        services.AddFeishuOperation<OpenStream>(OpenStream.Definition);
        services.AddFeishuOperation<FinishStream>(FinishStream.Definition);
        services.AddSingleton<StreamCompleter>();
        services.AddSingleton<LateFrames>();
        services.AddSingleton<CardStreams>();
        services.AddSingleton<IStreams>(provider => provider.GetRequiredService<CardStreams>());
        services.AddHostedService<StreamMaintenance>();
    }
}
