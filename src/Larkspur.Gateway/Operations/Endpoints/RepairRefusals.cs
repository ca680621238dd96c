using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>What could not be repaired, as a refusal.</summary>
internal static class RepairRefusals
{
    /// <param name="repair">What became of it.</param>
    /// <param name="refused">The word for a row that is in another state.</param>
    public static void Demand(this Repair repair, string refused)
    {
        if (repair == Repair.NotFound) throw RequestRefusedException.NotFound();
        if (repair != Repair.Done) throw RequestRefusedException.Conflict(repair.Word(refused));
    }

    public static string Word(this Repair repair, string refused) => repair switch
    {
        Repair.Unsure => "unsure_past_key_lifetime",
        Repair.Superseded => "superseded",
        _ => refused,
    };
}
