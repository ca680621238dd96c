namespace Larkspur.Gateway.Storage.Leases;

/// <summary>Processes that share the database, as other rooms' statements ask for them.</summary>
internal static class Nodes
{
    /// <summary>
    /// The ids of those that are alive, as a list for <c>IN</c>: their clocks are not asked, but how far they are behind the newest.
    /// </summary>
    /// <param name="lifetime">The place of the leases' lifetime in milliseconds: <c>$2</c>.</param>
    public static string Alive(string lifetime) =>
        $"(SELECT id FROM node WHERE expires_at > (SELECT MAX(expires_at) - {lifetime} FROM node))";
}
