using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Robots;

/// <summary>What group robots are made of. Each platform registers what it does for them as an <see cref="IRobotPlatform"/>.</summary>
internal static class RobotServices
{
    public static void AddRobots(this IServiceCollection services)
    {
        services.AddSingleton<RobotPlatforms>();
        services.AddSingleton<RobotCards>();
        services.AddSingleton<RobotStore>();
        services.AddSingleton(new SealedColumns("robot", "id", ["address", "secret"], [new(RobotStore.Purpose)]) { Revision = "robots" });
        services.AddSingleton(provider => provider.GetRequiredService<RobotStore>().CachedTable);
        services.AddSingleton<RobotAccess>();
        services.AddSingleton<RobotRequests>();
        services.AddSingleton<RobotTester>();
        services.AddSingleton<RobotEndpoints>();
        services.AddOutboxOperation(RobotRows.Operation);
        services.AddSingleton<IChannel, RobotChannel>();
        services.AddSingleton<IOutboxCompletion, RobotHealth>();
    }
}
