using Larkspur.Gateway.Messages;

namespace Larkspur.Gateway.People;

/// <summary>Who is who.</summary>
internal static class PeopleServices
{
    public static void AddPeople(this IServiceCollection services)
    {
        services.AddSingleton<PeopleCache>();
        services.AddSingleton<EmployeeNumbers>();
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton<Recipients>();
        services.AddSingleton<PeopleEndpoints>();
    }

    public static void MapPeople(this IEndpointRouteBuilder api) => PeopleEndpoints.Map(api.MapGroup("").AddEndpointFilter(new MessageProblems()));
}
