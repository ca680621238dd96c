using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Bitable;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;
using Larkspur.Gateway.Tables.Records;
using Larkspur.Gateway.Tables.Refusals;
using Larkspur.Gateway.Tables.Syncing.Rest;

namespace Larkspur.Gateway.Tables;

/// <summary>Bases that are opened to business systems.</summary>
internal static class TableServices
{
    /// <summary>No repetition comes later.</summary>
    private static readonly TimeSpan Repeats = TimeSpan.FromDays(30);

    public static void AddTables(this IServiceCollection services)
    {
        services.AddSingleton<BaseStore>();
        services.AddSingleton<BaseAccess>();
        services.AddSingleton<BaseReach>();
        services.AddSingleton<BaseTrial>();
        services.AddSingleton<BaseEndpoints>();
        services.AddSingleton<OpenTables>();
        services.AddSingleton<PeopleLookup>();
        services.AddSingleton<RecordQueries>();
        services.AddSingleton<RowReading>();
        services.AddSingleton<RowWriting>();
        services.AddSingleton<RecordWrites>();
        services.AddSingleton<WriteRequests>();
        services.AddSingleton<RecordEndpoints>();
        services.AddSingleton<WatchedTables>();
        services.AddSingleton<HeardEvents>();
        services.AddSingleton<BitableOpener>();
        services.AddSingleton<ITableOpener>(provider => provider.GetRequiredService<BitableOpener>());
        services.AddSingleton<BitableEvents>();
        foreach (var type in (string[])[BitableEvents.Records, BitableEvents.Fields])
            services.AddSingleton(provider => new EventRoute(PlatformNames.Feishu, type,
                provider.GetRequiredService<BitableEvents>().HandleAsync) { StaleAfter = null });
        services.AddSingleton<IExceptionProblems, TableProblems>();
        services.AddRetention("keys of written records", o => o.KeepAtLeast(Repeats), WriteRequests.PruneAsync);
    }

    public static void MapTables(this IEndpointRouteBuilder api)
    {
        var bases = api.MapGroup("/tables/bases").AddEndpointFilter(new TableRefusalFilter());
        BaseEndpoints.Map(bases);
        RecordEndpoints.Map(bases);
        SyncEndpoints.Map(api.MapGroup("/syncs"));
        ConnectionEndpoints.Map(api.MapGroup("/sync-connections"));
    }
}

/// <summary>The contracts of the room's bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutBase)), JsonSerializable(typeof(CreateRecords)), JsonSerializable(typeof(ChangeRecords))]
[JsonSerializable(typeof(DeleteRecords))]
internal sealed partial class TableContracts : JsonSerializerContext, IBodyContracts<TableContracts>;
