namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Tells before a click is answered with a card whether the platform would take it.</summary>
internal interface IAnswerCardCheck
{
    /// <param name="card">Card JSON: the face that the answer would carry.</param>
    /// <returns>False: the platform refuses it, and with it the answer.</returns>
    bool IsAccepted(string card);
}
