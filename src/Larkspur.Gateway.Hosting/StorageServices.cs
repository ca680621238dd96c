using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Storage.Postgres;
using Larkspur.Gateway.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Hosting;

/// <summary>The database and what depends on which one it is.</summary>
internal static class StorageServices
{
    /// <summary>Names this machine's own clock among the services, where the gateway's is the database's.</summary>
    public const string MachineClock = "machine";

    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromMinutes(15);

    public static void AddStorage(this IServiceCollection services, DatabaseAddress address, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<LeaseOptions>());
        services.AddSingleton(settings.Read<RetentionOptions>());
        services.AddSingleton<WriteProof>();
        services.AddSingleton<StorageMetrics>();
        services.AddSchedule<Retention>("retention", Retention.Interval);
        if (address.Dialect == Dialect.Sqlite) services.AddSqlite(address.Value);
        else services.AddPostgres(address.Value);
    }

    private static void AddSqlite(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IDatabase>(provider => SqliteDatabase.Open(path, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<StorageMetrics>(), provider.GetRequiredService<ILogger<SqliteDatabase>>()));
        services.AddSingleton<SeenKeys>();
        services.AddSingleton<IInboxAppend, SqliteInboxAppend>();
        services.AddHostedService<SeenKeyMerger>();
        services.AddSingleton<SoleLeases>();
        services.AddSingleton<ILeases>(provider => provider.GetRequiredService<SoleLeases>());
        services.AddHostedService(provider => provider.GetRequiredService<SoleLeases>());
        services.AddSchedule<SqliteUpkeep>("upkeep", UpkeepInterval);
    }

    private static void AddPostgres(this IServiceCollection services, string connectionString)
    {
        services.TryAddKeyedSingleton(MachineClock, TimeProvider.System);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DatabaseClock>(
            provider, provider.GetRequiredKeyedService<TimeProvider>(MachineClock)));
        // What one process writes down about times the others judge. A clock that somebody gave (tests have their own time) stays.
        services.TryAddSingleton<TimeProvider>(static provider => provider.GetRequiredService<DatabaseClock>());
        services.AddHostedService<DatabaseClockFollowing>();
        // Opened once, while the host starts and nothing waits for its thread.
        services.AddSingleton(provider => PostgresDatabase.OpenAsync(connectionString, provider.GetRequiredService<DatabaseClock>(),
            provider.GetRequiredService<StorageMetrics>(), provider.GetRequiredService<ILogger<PostgresDatabase>>()).GetAwaiter().GetResult());
        services.AddSingleton<IDatabase>(provider => provider.GetRequiredService<PostgresDatabase>());
        services.AddSingleton<IInboxAppend, PostgresInboxAppend>();
        // The server's clock is real, so what is measured against it is too, whatever clock the rest of the gateway has.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PostgresLeases>(
            provider, TimeProvider.System, provider.GetRequiredService<PostgresDatabase>().Apart));
        services.AddSingleton<ILeases>(provider => provider.GetRequiredService<PostgresLeases>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PostgresListener>(
            provider, TimeProvider.System, provider.GetRequiredService<PostgresDatabase>().Apart));
        services.AddSingleton<ClusterMessages>();
        services.TryAddSingleton<IRateLimiter>(provider => new SharedRateLimiter(new RateLimiter(provider.GetRequiredService<TimeProvider>()), provider.GetRequiredService<ILeases>()));
        services.AddHostedService(provider => provider.GetRequiredService<PostgresLeases>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterMessages>());
        services.AddHostedService(provider => provider.GetRequiredService<PostgresListener>());
        services.AddSingleton<PostgresIndexes>();
        services.AddSchedule<PostgresUpkeep>("upkeep", UpkeepInterval, PostgresUpkeep.Timeout);
    }
}
