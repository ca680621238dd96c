using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Handover;

/// <summary>What people leave behind.</summary>
internal static class HandoverServices
{
    public static void AddHandover(this IServiceCollection services)
    {
        services.AddSingleton<IKeyPeople, KeyPeople>();
        services.AddSingleton<PersonKeys>();
        services.AddSingleton<IPersonMerged>(provider => provider.GetRequiredService<PersonKeys>());
        services.AddSingleton<IHandoverPart>(provider => provider.GetRequiredService<PersonKeys>());
        services.AddSingleton(provider => new HandoverList(provider.GetRequiredService<Storage.IDatabase>(),
            new Lazy<IHandoverPart[]>(() => [.. provider.GetServices<IHandoverPart>()]),
            new Lazy<IHandoverPlatform[]>(() => [.. provider.GetServices<IHandoverPlatform>()])));
    }

    public static void MapHandover(this IEndpointRouteBuilder api) =>
        api.MapGet("/people/{id}/handover", async (string id, HttpContext http, PersonAdministration people, HandoverList list,
            CancellationToken cancellation) =>
        {
            var person = KnownPerson.IsId(id) ? await people.FindAsync(id, cancellation) : null;
            return TypedResults.Ok(await list.ReadAsync(person ?? throw Nobody(), Caller.Grant(http), cancellation));
        })
            .WithName("GetPersonHandover").WithSummary("What stands open for a person, and is for others to take over when they leave")
            .WithDescription("Console accounts, keys that they hold or made, payments and approvals that wait, as far as the key may see "
                + "them: each kind needs its own scope besides. The platform is asked for its approvals; where it does not say, "
                + "\"unknown\" has it.")
            .Produces<HandoverView>().Refuses(404).Needs(ApiScopes.PeopleRead);

    private static RequestRefusedException Nobody() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", "Nobody has this id.");
}
