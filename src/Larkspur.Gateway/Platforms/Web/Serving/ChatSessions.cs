using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>What other processes tell of sessions.</summary>
internal sealed class ChatSessions(OpenSessions open, ChatReaders readers)
{
    /// <summary>These have begun, or were ended. Word of a beginning may come when somebody reads in it already.</summary>
    /// <param name="ids">Their rows' numbers; none: some were missed.</param>
    public void Changed(IReadOnlyList<long> ids)
    {
        open.Changed();
        readers.SessionsChanged(ids);
    }
}
