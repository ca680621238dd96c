using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Refusals;

namespace Larkspur.Gateway.Tables;

/// <summary>Bases that are opened to business systems.</summary>
internal static class TableServices
{
    public static void AddTables(this IServiceCollection services)
    {
        services.AddSingleton<BaseStore>();
        services.AddSingleton<BaseAccess>();
        services.AddSingleton<BaseReach>();
        services.AddSingleton<BaseTrial>();
        services.AddSingleton<BaseEndpoints>();
        services.AddSingleton<IExceptionProblems, TableProblems>();
    }

    public static void MapTables(this IEndpointRouteBuilder api)
    {
        var bases = api.MapGroup("/tables/bases").AddEndpointFilter(new TableRefusalFilter());
        BaseEndpoints.Map(bases);
    }
}

/// <summary>The contracts of the room's bodies.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = RequestJson.Deepest,
    Converters = [typeof(RequestTime)])]
[JsonSerializable(typeof(PutBase))]
internal sealed partial class TableContracts : JsonSerializerContext, IBodyContracts<TableContracts>;
