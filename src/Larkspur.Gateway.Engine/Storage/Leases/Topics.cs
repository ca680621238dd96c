namespace Larkspur.Gateway.Storage.Leases;

/// <summary>What processes on one database tell each other (see <see cref="IUnitOfWork.Announce"/>).</summary>
internal static class Topics
{
    /// <summary>An inbox row is open.</summary>
    public const char Inbox = 'i';

    /// <summary>An outbox row is open.</summary>
    public const char Outbox = 'o';

    /// <summary>A click has its answer.</summary>
    public const char Answer = 'a';

    /// <summary>Leases became free.</summary>
    public const char Leases = 'l';

    /// <summary>Something that every process keeps in memory has changed (<see cref="CachedTable{TRows, T}"/>).</summary>
    public const char Settings = 's';

    /// <summary>Keys of the REST API changed.</summary>
    public const char ApiKeys = 'k';

    /// <summary>Members of departments or roles changed.</summary>
    public const char Members = 'm';

    /// <summary>A turn of the assistant is open.</summary>
    public const char Turn = 't';

    /// <summary>A session of the web chat has begun or was ended.</summary>
    public const char WebSessions = 'w';

    /// <summary>Sessions of the console ended.</summary>
    public const char ConsoleSessions = 'c';

    /// <summary>A turn of the assistant is to end.</summary>
    public const char TurnStop = 'x';

    /// <summary>Rows that every process finds by itself when it looks into the table: word of them saves a wait and may be lost.</summary>
    public static bool IsFoundAnyway(char topic) => topic is Inbox or Outbox or Answer or Turn;
}
