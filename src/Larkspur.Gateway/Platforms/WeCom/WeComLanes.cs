using System.Globalization;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Names of lanes: what shares one leaves in order.</summary>
/// <remarks>
/// A bot has one connection over all processes, so whatever is sent over it must be sent by the process that has it. Partitions follow from names; so the lanes of a bot
/// carry a number that brings each of them into the partition of the connection itself. It is the same in every process, and found in some 64 tries of a short hash.
/// </remarks>
internal static class WeComLanes
{
    private const string Connection = "wecom:bot";

    /// <summary>The partition of an app's bot.</summary>
    public static int PartitionOfBot(string app) => Partitions.Of(app, Connection);

    /// <summary>The chat of a person and the application.</summary>
    public static string OfPerson(string userId) => "wecom:user:" + userId;

    /// <summary>A conversation with the bot, or a card in it.</summary>
    public static string OfBot(string app, string conversation)
    {
        var partition = PartitionOfBot(app);
        for (var number = 0; ; number++)
        {
            var lane = string.Create(CultureInfo.InvariantCulture, $"wecom:bot:{conversation}~{number}");
            if (Partitions.Of(app, lane) == partition) return lane;
        }
    }
}
