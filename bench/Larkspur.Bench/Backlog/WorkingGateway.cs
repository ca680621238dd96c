using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Bench.Backlog;

/// <summary>A gateway in this process whose platform answers at once.</summary>
internal static class WorkingGateway
{
    /// <param name="data">Its data folder.</param>
    /// <param name="database">Its PostgreSQL database; empty: SQLite in the folder.</param>
    /// <param name="channel">The platform.</param>
    /// <param name="settings">Further settings.</param>
    /// <param name="configure">Last changes.</param>
    public static WebApplication Build(string data, string database, CountingChannel channel, IReadOnlyDictionary<string, string?> settings,
        Action<WebApplicationBuilder>? configure = null) => GatewayHost.Build([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings)
        {
            ["LARKSPUR_GATEWAY_URLS"] = "http://127.0.0.1:0",
            ["LARKSPUR_DATA"] = data,
            ["LARKSPUR_DB"] = database,
            ["LARKSPUR_MASTER_KEY"] = Testing.GatewayApp.MasterKey,
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IChannel>(channel);
        configure?.Invoke(builder);
    });
}
