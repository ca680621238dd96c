using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>What happens around the engine: people who edit while it works, and everything that goes wrong.</summary>
internal sealed class World(Random chance)
{
    /// <summary>Things that people do, one of which may happen whenever the engine calls a side.</summary>
    public Queue<Action> People { get; } = new();

    /// <summary>Nothing goes wrong any more.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Writes that reached a side.</summary>
    public int Writes { get; set; }

    /// <summary>What happened, for whoever must understand a failure.</summary>
    public List<string> Log { get; } = [];

    public Random Chance => chance;

    /// <summary>The engine calls a side: somebody may do something just before, and the call may fail before it had any effect.</summary>
    public void Call(string what)
    {
        while (People.Count > 0 && chance.Next(3) == 0) People.Dequeue()();
        if (!IsCalm && chance.Next(25) == 0) throw Away($"{what}: away");
        if (!IsCalm && chance.Next(60) == 0) throw Crash($"before {what}");
        Log.Add($"  {what}");
    }

    /// <summary>The call had its effect; its answer may be lost.</summary>
    public void Answer(string what)
    {
        if (!IsCalm && chance.Next(25) == 0) throw Away($"{what}: answer lost");
        if (!IsCalm && chance.Next(60) == 0) throw Crash($"after {what}");
    }

    public CrashException Crash(string where)
    {
        Log.Add($"  CRASH {where}");
        return new(where);
    }

    private SideAwayException Away(string why)
    {
        Log.Add($"  {why}");
        return new(Problems.Unreachable, why);
    }
}

/// <summary>The process dies.</summary>
internal sealed class CrashException(string where) : OperationCanceledException(where);
