"""What the program says in the language of its user (§5.1); clients must not read it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """Sentences, labels and names of one translation."""

    start: str
    stop: str
    labels: tuple[str, ...]
    """Of the control panel, in its order."""
    commands: tuple[str, ...]
    """Of the remote commands 0 to 13."""
    decimal: str = "."


def _language(start: str, stop: str, labels: str, commands: str, decimal: str = ",") -> Language:
    return Language(start, stop, tuple(labels.split("|")), tuple(commands.split("|")), decimal)


LANGUAGES = {
    "en": _language(
        "Recording will continue until you click stop.",
        "Recording stopped. Files will be refreshed automatically.",
        "Alerts on|Mail on disconnect|Alert interval|Access groups|Schedule on|Never record"
        "|Record on detection|Record on alert|Upload recordings|Timelapse|Movie every (s)"
        "|Picture every (s)|Frame rate viewing|Frame rate recording|Upload frames|Keep frames"
        "|Pictures to cloud|Recordings to cloud",
        "All On|All Off|Apply Schedule|Record On Detect|Record On Alert|Record Off|Alerts On"
        "|Alerts Off|Record All|Stop Recording|Snapshot|Shut Down Computer|Joystick Faster"
        "|Joystick Slower",
        ".",
    ),
    "de": _language(
        "Die Aufnahme wird fortgesetzt, bis Sie Stop klicken.",
        "Aufnahme beendet. Die Dateien erscheinen gleich, von selbst.",
        "Alarme ein|Mail bei Trennung|Alarmabstand|Zugriffsgruppen|Zeitplan ein|Nie aufnehmen"
        "|Bei Erkennung aufnehmen|Bei Alarm aufnehmen|Aufnahmen hochladen|Zeitraffer"
        "|Film alle (s)|Bild alle (s)|Bildrate Ansicht|Bildrate Aufnahme|Bilder hochladen"
        "|Bilder behalten|Bilder in die Wolke|Aufnahmen in die Wolke",
        "Alle ein|Alle aus|Zeitplan anwenden|Aufnahme bei Erkennung|Aufnahme bei Alarm"
        "|Aufnahme aus|Alarme ein|Alarme aus|Alle aufnehmen|Aufnahme beenden|Schnappschuss"
        "|Computer herunterfahren|Joystick schneller|Joystick langsamer",
    ),
    "fr": _language(
        "L'enregistrement se poursuit jusqu'à l'arrêt demandé.",
        "Enregistrement arrêté. La liste sera mise à jour.",
        "Alertes|Courriel si déconnexion|Intervalle|Groupes d'accès|Horaire|Ne pas enregistrer"
        "|Sur détection|Sur alerte|Envoyer les fichiers|Accéléré|Film toutes les (s)"
        "|Image toutes les (s)|Images/s vue|Images/s fichier|Envoyer les images|Garder les images"
        "|Images en nuage|Fichiers en nuage",
        "Tout activer|Tout désactiver|Appliquer l'horaire|Enregistrer sur détection"
        "|Enregistrer sur alerte|Ne pas enregistrer|Alertes actives|Alertes inactives"
        "|Tout enregistrer|Arrêter|Instantané|Éteindre l'ordinateur|Manette +|Manette -",
    ),
    "es": _language(
        "La grabación sigue hasta que la detenga.",
        "Grabación detenida. La lista se actualizará sola.",
        "Alertas|Correo al desconectar|Intervalo|Grupos|Horario|No grabar|Grabar al detectar"
        "|Grabar en alerta|Subir grabaciones|Cámara rápida|Película cada (s)|Imagen cada (s)"
        "|Imágenes/s vista|Imágenes/s archivo|Subir imágenes|Guardar imágenes|Imágenes a la nube"
        "|Grabaciones a la nube",
        "Encender todo|Apagar todo|Aplicar horario|Grabar al detectar|Grabar en alerta|No grabar"
        "|Alertas sí|Alertas no|Grabar todo|Parar grabación|Instantánea|Apagar el ordenador"
        "|Mando +|Mando -",
    ),
    "it": _language(
        "La registrazione continua finché non la fermi.",
        "Registrazione fermata. L'elenco si aggiorna da sé.",
        "Avvisi|Posta se scollegato|Intervallo|Gruppi|Orario|Non registrare|Su rilevamento"
        "|Su avviso|Carica file|Accelerato|Filmato ogni (s)|Foto ogni (s)|Quadri/s vista"
        "|Quadri/s file|Carica foto|Tieni foto|Foto in nuvola|File in nuvola",
        "Tutto acceso|Tutto spento|Applica orario|Registra su rilevamento|Registra su avviso"
        "|Non registrare|Avvisi sì|Avvisi no|Registra tutto|Ferma|Istantanea|Spegni il computer"
        "|Leva +|Leva -",
    ),
    "pt": _language(
        "A gravação continua até ser parada.",
        "Gravação parada. A lista será renovada.",
        "Alertas|Correio se desligar|Intervalo|Grupos|Horário|Não gravar|Gravar na detecção"
        "|Gravar no alerta|Enviar gravações|Acelerado|Filme a cada (s)|Imagem a cada (s)"
        "|Quadros/s vista|Quadros/s ficheiro|Enviar imagens|Guardar imagens|Imagens na nuvem"
        "|Gravações na nuvem",
        "Ligar tudo|Desligar tudo|Aplicar horário|Gravar na detecção|Gravar no alerta|Não gravar"
        "|Alertas sim|Alertas não|Gravar tudo|Parar|Instantâneo|Desligar o computador|Manípulo +"
        "|Manípulo -",
    ),
    "zh": _language(
        "录像将继续，直到您停止。",
        "录像已停止。文件会自动刷新。",
        "报警|断线邮件|报警间隔|访问组|计划|不录像|检测时录像|报警时录像|上传录像|延时|影片间隔"
        "|图片间隔|观看帧率|录像帧率|上传图片|保存图片|图片上云|录像上云",
        "全部开|全部关|应用计划|检测时录像|报警时录像|不录像|报警开|报警关|全部录像|停止录像|快照"
        "|关闭电脑|摇杆快|摇杆慢",
        ".",
    ),
    "ru": _language(
        "Запись продолжится, пока вы её не остановите.",
        "Запись остановлена. Список обновится сам.",
        "Тревоги|Письмо при обрыве|Интервал|Группы|Расписание|Не писать|При движении|По тревоге"
        "|Выгружать записи|Ускоренно|Кадр фильма (с)|Снимок (с)|Частота показа|Частота записи"
        "|Выгружать кадры|Хранить кадры|Кадры в облако|Записи в облако",
        "Всё вкл|Всё выкл|По расписанию|Запись при движении|Запись по тревоге|Не писать"
        "|Тревоги вкл|Тревоги выкл|Писать всё|Стоп запись|Снимок|Выключить компьютер"
        "|Джойстик быстрее|Джойстик медленнее",
    ),
}
