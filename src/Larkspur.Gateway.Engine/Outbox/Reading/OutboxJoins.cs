namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Outbox rows beside those of a room that keeps their ids: for lists that are filtered and paged by what became of the rows.</summary>
/// <remarks>Where a room only looks, <see cref="OutboxRows.ItemsAsync"/> is enough. Why there are joins at all: docs/decisions.</remarks>
internal static class OutboxJoins
{
    /// <summary>The row with this id, if it is not forgotten.</summary>
    /// <param name="alias">Its name in the statement.</param>
    /// <param name="id">A column of the other table.</param>
    public static string Row(string alias, string id) => $"LEFT JOIN outbox {alias} ON {alias}.id = {id}";

    /// <summary>The plainer row that took the place of one whose content was refused (<see cref="IdempotencyKeys.ForFallbackOf"/>).</summary>
    /// <param name="alias">Its name in the statement.</param>
    /// <param name="refused">The other's name.</param>
    public static string Instead(string alias, string refused) => $"""
        LEFT JOIN outbox {alias} ON {refused}.status = 2
          AND {alias}.idempotency_key = '{IdempotencyKeys.FallbackPrefix}' || substr({refused}.idempotency_key, 3)
          AND {alias}.app = {refused}.app AND {alias}.platform = {refused}.platform
        """;
}
