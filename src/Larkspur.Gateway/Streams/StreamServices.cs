using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Streams;

internal static class StreamServices
{
    /// <summary>Registered before what handles and sends, so that it stops after them and puts their last texts down.</summary>
    /// <exception cref="SettingsException">The settings have problems.</exception>
    public static void AddStreams(this IServiceCollection services, StreamOptions options)
    {
        string[] wrong = [.. options.Problems()];
        if (wrong.Length > 0) throw new SettingsException(wrong);
        services.AddSingleton(options);
        services.AddSingleton<StreamStore>();
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
