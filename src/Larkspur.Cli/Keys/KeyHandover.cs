using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.People;
using Larkspur.Client;

namespace Larkspur.Cli.Keys;

/// <summary><c>larkspur keys hand-over</c>, and who holds a key.</summary>
internal static class KeyHandover
{
    /// <summary>The person whose a key is.</summary>
    public static Option<string?> Holder() =>
        new("--holder") { Description = $"The person whose it is, by {PersonNamed.Help}: it ends when they leave." };

    /// <summary>The id of whoever is named; null: nobody is.</summary>
    public static async Task<string?> IdAsync(VerbCall call, string? named) =>
        named is null ? null : await PersonNamed.IdAsync(call, named);

    public static Verb Verb()
    {
        var id = KeysCommand.Id();
        var to = new Option<string?>("--to") { Description = $"Who gets it, by {PersonNamed.Help}." };
        var nobody = new Option<bool>("--to-nobody") { Description = "It is its system's alone from now on." };
        var verb = new Verb("hand-over", "Give a key to somebody else, with another secret; the one before ends at once.",
            "larkspur keys hand-over 3 --to bob@mica.example") { id, to, nobody };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(to) is null == result.GetResult(nobody) is null) result.AddError("Say who gets it: --to, or --to-nobody.");
        });
        return verb.Asks(async call =>
        {
            var handover = new ApiKeyHandover { Holder = await IdAsync(call, call.Get(to)) };
            var made = await call.AskAsync((client, limited) => client.ApiKeys.HandOverAsync(call.Get(id), handover, limited));
            return KeysCommand.Made(call, made, "Handed over");
        });
    }
}
