namespace Larkspur.Feishu.Events;

/// <summary>A typed event body (the <c>event</c> member of an envelope).</summary>
public interface IFeishuEvent
{
    /// <summary>Wire name, e.g. <c>im.message.receive_v1</c>.</summary>
    static abstract string EventType { get; }
}
