using Larkspur.Gateway.Dispatch;
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
        services.AddSingleton<MemberCache>();
        services.AddSingleton<MembershipEvents>();
        foreach (var type in MembershipEvents.Types)
        {
            // What moved hours ago has moved.
            services.AddSingleton(provider => new EventRoute(Ingress.FeishuInboundEvents.Platform, type, provider.GetRequiredService<MembershipEvents>().HandleAsync) { StaleAfter = null });
        }

        services.AddSingleton<Recipients>();
        services.AddSingleton<PeopleRefresh>();
        services.AddSingleton<PeopleEndpoints>();
    }

    public static void MapPeople(this IEndpointRouteBuilder api) => PeopleEndpoints.Map(api.MapGroup("").AddEndpointFilter(new MessageProblems()));
}
