using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Sources.Postgres;
using Larkspur.Gateway.Syncs.Sources.Sqlite;
using Larkspur.Gateway.Tables.Syncing.Cards;
using Larkspur.Gateway.Tables.Syncing.Rest;

namespace Larkspur.Gateway.Tables.Syncing;

/// <summary>Tables kept equal with a company's own data.</summary>
internal static class SyncServices
{
    /// <param name="services">Services.</param>
    /// <param name="options">How syncs work.</param>
    public static void AddSyncs(this IServiceCollection services, SyncOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<SyncSignal>();
        services.AddSingleton<SyncLeases>();
        services.AddSingleton<ISyncChance, SyncChance>();
        services.AddSingleton<SyncOpening>();
        services.AddSingleton<SyncCycle>();
        services.AddHostedService<SyncWorker>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<IConnections>(provider => provider.GetRequiredService<ConnectionStore>());
        services.AddSingleton(new SealedColumns("sync_connection", "name", ["address"], [new(ConnectionStore.Purpose)]));
        services.AddSingleton<SourceKinds>();
        services.AddSingleton<ISourceOpener>(provider => provider.GetRequiredService<SourceKinds>());
        services.AddSingleton<SyncStore>();
        services.AddSingleton<SyncPlanning>();
        services.AddSingleton<SyncCardFaces>();
        services.AddSingleton<SyncCardClicks>();
        services.AddSingleton<IOutboxCompletion, SyncCardCompletion>();
        services.OnCardAction<SyncCardClicks>(SyncCardFaces.Kind, clicks => clicks.HandleAsync);
        services.AddSchedule<SyncCards>(SyncCards.Name, SyncCards.Every);
        services.AddRetention("cards of syncs", _ => options.Keep, SyncCardRow.PruneAsync);
        services.AddSyncSources();
        services.AddSyncRest();
        services.AddSchedule<SyncNightly>(SyncNightly.Name, SyncNightly.Cron);
        services.AddRetention("changes of syncs", _ => options.Keep, HistoryStore.PruneAsync);
        services.AddRetention("decided conflicts of syncs", _ => options.Keep, HistoryStore.PruneConflictsAsync);
        services.AddRetention("runs of syncs", _ => options.Keep, HistoryStore.PruneRunsAsync);
        services.AddRetention("deleted rows of syncs", _ => options.Keep, HistoryStore.PruneGoneAsync);
    }

    private static void AddSyncSources(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SqliteSourceOptions { OwnFile = OwnOf(provider, Dialect.Sqlite) });
        services.AddSingleton<ISourceKind, SqliteSourceKind>();
        services.AddSingleton(provider => new PostgresSourceOptions { OwnAddress = OwnOf(provider, Dialect.Postgres) });
        services.AddSingleton<ISourceKind, PostgresSourceKind>();

        static string? OwnOf(IServiceProvider provider, Dialect dialect) =>
            provider.GetRequiredService<DatabaseAddress>() is var own && own.Dialect == dialect ? own.Value : null;
    }

    private static void AddSyncRest(this IServiceCollection services)
    {
        services.AddSingleton<SyncReach>();
        services.AddSingleton<SyncViewing>();
        services.AddSingleton<SpecChecking>();
        services.AddSingleton<SourceTraces>();
        services.AddSingleton<SurveyExamples>();
        services.AddSingleton<SyncEndpoints>();
        services.AddSingleton<ConnectionEndpoints>();
        services.AddSingleton<SteeringEndpoints>();
        services.AddSingleton<PlanEndpoints>();
        services.AddSingleton<ConflictEndpoints>();
        services.AddSingleton<RowEndpoints>();
        services.AddSingleton<UndoEndpoints>();
        services.AddSingleton<Undo>();
        services.AddSingleton<UndoWork>();
    }
}
